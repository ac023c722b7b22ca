"""What is done with a learner's own answer, without a page: blanks, what a function did, a function beside the library's."""
