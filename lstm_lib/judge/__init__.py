"""What is done with a learner's own answer, without a page: the blank, the call with a time limit, the one judge."""
