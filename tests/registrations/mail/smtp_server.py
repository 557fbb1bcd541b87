"""A real mail server that answers as the test tells it to, and people to whom it gets messages."""

import asyncio
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING

from registrations import operations
from tests.config.test_run import free_port
from tests.factories import build_registration
from tests.waiting import TIMEOUT


class MailServer(Controller):
    """Takes every message, but for what `answers` says, by command and address (or by DATA alone).

    An answer is what the server says, or what it does with a message that it has taken before it says so.
    """

    def __init__(self):
        super().__init__(self, "127.0.0.1", free_port(), ready_timeout=TIMEOUT)
        self.answers = {}
        self.pause = 0  # seconds, before a message and after it
        self.envelopes, self.addresses, self.messages = [], [], []  # of what was taken
        self.clients = set()

    async def handle_MAIL(self, protocol, session, envelope, address, options):
        return self.answers.get(("MAIL", address), MISSING)

    async def handle_RCPT(self, protocol, session, envelope, address, options):
        await asyncio.sleep(self.pause)
        return self.answers.get(("RCPT", address), MISSING)

    async def handle_DATA(self, protocol, session, envelope):
        answer = self.answers.get(("DATA", *envelope.rcpt_tos)) or self.answers.get("DATA")
        if isinstance(answer, str):
            return answer
        self.clients.add(session.peer)
        self.envelopes.append(envelope)
        self.addresses += envelope.rcpt_tos
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        await (answer(protocol) if answer else asyncio.sleep(self.pause))
        return "250 OK"


async def say_nothing(protocol):
    await asyncio.sleep(TIMEOUT)


async def hang_up(protocol):
    protocol.transport.abort()
    await say_nothing(protocol)


def register_people(event, number: int = 3) -> list[str]:
    """The addresses of so many who signed up."""
    return [operations.register(build_registration(event)).registration.email for _number in range(number)]
