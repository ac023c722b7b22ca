# `make lab` opens the notebooks, `make test` checks everything; both first make .venv from uv.lock.
# Nothing is installed outside this folder, and GNU make 3.81 (as on macOS) is enough.

.PHONY: help env lab test proof refresh stored images clean
.DEFAULT_GOAL := help

# Extra arguments, as in: make test ARGS="-k gates", make proof ARGS=walks
ARGS =

# Two tests at a time. A file's tests share a kernel or a server, so they stay in one process.
PARALLEL = -n 2 --dist loadfile --no-loadscope-reorder

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

env:  ## make .venv, or bring it in step with uv.lock; the others do this first
	@sh tools/bootstrap.sh

# Our websocket class answers sliders at once: Jupyter's own waits for delayed ACKs.
lab: env  ## open the notebooks in JupyterLab
	.venv/bin/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks \
		--ServerApp.kernel_websocket_connection_class=lstm_lib.websocket.NoDelayWebsocketConnection \
		$(ARGS)

test: env  ## run all tests, two at a time; pyproject.toml configures them
	.venv/bin/python -m pytest $(PARALLEL) $(ARGS)

proof: export PROOF = 1
proof: env  ## run what takes too long for every change, part by part: long walks, all frames, mutations, …
	.venv/bin/python tools/proof.py $(ARGS)

refresh: env  ## run the notebooks and save their outputs
	.venv/bin/python tools/refresh_notebooks.py $(ARGS)

stored: export OPENBLAS_NUM_THREADS = 1
stored: env  ## train what is missing of the studies that the notebooks show; Ctrl-C and again goes on
	.venv/bin/python tools/studies.py $(ARGS)

images: env  ## draw the pictures anew
	.venv/bin/python tools/draw_images.py $(ARGS)

clean:  ## remove all that make made; the next `make lab` starts afresh
	rm -rf .venv .uv .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
