"""Fixtures for tests in a real JupyterLab: one server and one browser per pytest worker."""

import os
from pathlib import Path

import pytest
from lab import Lab, NotebookPage, launch_chromium
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
LONG = ("test_walks", "test_page_notebooks")


def pytest_collection_modifyitems(items):
    """Run the browser tests last, and of these the longest files first: otherwise one worker waits for the other.

    Playwright keeps an event loop running in this thread from the first of them to the end
    of the session, and `asyncio.run` refuses to work beside it.
    """
    items.sort(key=lambda item: 1 + (item.path.stem not in LONG) if item.path.is_relative_to(HERE) else 0)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium. Without one the tests are skipped, but on CI they fail."""
    with sync_playwright() as playwright:
        try:
            chromium = launch_chromium(playwright)
        except FileNotFoundError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """A JupyterLab server (after ``browser``: without one there is nothing to serve)."""
    with Lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture
def open_notebook(lab, browser):
    """A function that opens a copy of a notebook and returns its `NotebookPage`."""
    pages = []

    def open_(name_or_path, width=1280, height=900, trust=False):
        path = lab.stage(name_or_path, trust=trust)
        pages.append(NotebookPage(lab, browser, path, width=width, height=height))
        return pages[-1]

    yield open_
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def open_book(lab, browser):
    """A function that writes a notebook of the given cells, opens it, runs it, and returns its `NotebookPage`."""
    pages = []

    def open_(*cells, width=1280, height=900, run=True):
        pages.append(NotebookPage(lab, browser, lab.write(*cells), width=width, height=height))
        if run:
            pages[-1].run_all()
        return pages[-1]

    yield open_
    for page in pages:
        page.close()
