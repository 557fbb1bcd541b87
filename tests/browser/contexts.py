"""Browser contexts that are used again: to make one takes longer than to open a page in it."""

from playwright.sync_api import Browser, BrowserContext, Page

from tests.waiting import TIMEOUT


class Contexts:
    """Hands out pages, each in a context without cookies, storage and cache. To be used with `with`."""

    def __init__(self, browser: Browser, base_url: str):
        self.browser, self.base_url = browser, base_url
        self.free: dict[frozenset, list[BrowserContext]] = {}  # by the options that they were made with
        self.used: list[tuple[frozenset, BrowserContext]] = []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.take_back()
        for contexts in self.free.values():
            for context in contexts:
                context.close()

    def new_page(self, *, cookies: tuple[dict, ...] = (), **options) -> Page:
        """A page in a context with these options and cookies, which nobody else uses until it is taken back."""
        key = frozenset(options.items())
        waiting = self.free.setdefault(key, [])
        context = waiting.pop() if waiting else self.browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(TIMEOUT * 1000)
        self.used.append((key, context))
        context.add_cookies(cookies)
        return context.new_page()

    def take_back(self) -> None:
        """Close the pages that were handed out, and make their contexts forget them."""
        while self.used:
            key, context = self.used.pop()
            self.forget(context)
            self.free[key].append(context)

    def forget(self, context: BrowserContext) -> None:
        last, *others = context.pages or [context.new_page()]
        for page in others:
            page.close()
        last.goto("about:blank")
        session = context.new_cdp_session(last)
        session.send("Network.clearBrowserCache")
        session.send("Storage.clearDataForOrigin", {"origin": self.base_url, "storageTypes": "all"})
        last.close()
        context.clear_cookies()
        context.clear_permissions()
        context.unroute_all()
