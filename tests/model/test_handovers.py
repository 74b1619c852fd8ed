"""Random histories of handovers, each step against a plain Python model of what the spec says (DN-01 to DN-34)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tenantry.channel import mirror
from tenantry.channel.handovers import actions as handovers, reversal, running
from tenantry.crm import actions as accounts
from tenantry.crm.new import NewAddress, NewContact
from tenantry.database import Database
from tenantry.sales.actions import cancel_order
from tenantry.schema import channel
from tests.channel.stories import tenant_row
from tests.model.play import Play
from tests.model.reference import ENDED, Handover, Reseller
from tests.world import Row

OPEN = ("draft", "submitted")
MANY = 4
# Of the deep form: reckoned to be about 20 minutes on two free cores.
MOST = 300
# Seconds that all histories together may take, in the long form and in the short one.
HOURS, MINUTES = 3 * 3_600, 300
# One in six.
WRONG = 5
CAME = {"running": "", "planned again": "plan-changed", "refused": "refused", "nothing to do": "nothing-to-do"}
numbers = st.integers(0, 999)
sizes = st.integers(1, 3)
words = st.sampled_from(["", "D-1", "D-2"])


class Histories(Play):
    """A distributor with two tenant resellers: whatever he does in whatever order, the model says what is there."""

    @initialize(given=st.lists(st.tuples(st.integers(0, 2), words), min_size=2, max_size=4), ran=st.booleans())
    def begin(self, given: list[tuple[int, str]], *, ran: bool) -> None:
        for _ in range(2):
            tenant = self.world.tenant_reseller()
            self.tenants.append(tenant)
            assert tenant.account_id
            self._adopt("account", tenant.account_id)
            methods = [vars(one) for one in self.world.rows(tenant, "payment_method")]
            self.model.resellers.append(
                Reseller(tenant.account_id, vars(tenant_row(self.world, tenant)), {"EUR"}, methods)
            )
        for place, (parts, number) in enumerate(given):
            self.account(0, parts, number, "EUR", asleep=place == 0, resells=False)
        # Every history begins with a run, or in the middle of one.
        self.plan(0, None)
        self.confirm(0, 0)
        if ran:
            self.run_to_the_end(0, 2)

    # What the distributor has.

    @rule(
        whose=numbers,
        parts=st.integers(0, 2),
        number=words,
        currency=st.sampled_from(["EUR", "USD"]),
        asleep=st.booleans(),
        resells=st.booleans(),
    )
    def account(self, whose: int, parts: int, number: str, currency: str, *, asleep: bool, resells: bool) -> None:
        """Make a customer of a reseller with as many addresses, contacts and orders; perhaps he was his before."""
        to = self.tenants[whose % 2]
        given = {"accounting_no": number, "currency": currency, "reselling_enabled": resells, "custom_fields": {"a": 1}}
        acme = self.world.account(bill_to=to, **given)
        self._adopt("account", acme.id)
        self.ids.append(acme.id)
        for place in range(parts):
            # The last in line may be the billing one: the transfer changes that.
            self._adopt(
                "address", self.world.address(acme, position=place, is_billing=place == parts - 1, country="FR").id
            )
            self._adopt("contact", self.world.contact(acme, phone="1", custom_fields={"a": 1}).id)
            self._adopt("order", self.world.order(acme, status=("draft", "executed")[place]).id)
        if asleep:
            old = {"standing": "moved_out", "status": "moved_out", "description": "His", "custom_fields": {"his": 1}}
            self.world.account(to, id=acme.id, **old)
            self.model.resellers[whose % 2].side["account"][acme.id] = self._read(to, "account", acme.id)

    @rule(which=numbers, what=st.integers(0, 8), name=words.filter(bool), phone=words)
    def above(self, which: int, what: int, name: str, phone: str) -> None:
        """Do something with an account above; not more often than all that happens between the tenants."""
        some: list[Callable[[], None]] = [
            lambda: self._edit(which, name, phone),
            lambda: self._add(which, contact=True),
            lambda: self._add(which, contact=False),
            lambda: self._become(which, "suspend"),
            lambda: self._become(which, "reactivate"),
            lambda: self._become(which, "close"),
            lambda: self._edit_billing_address(which),
            lambda: self._order(which, submitted=True),
            lambda: self._order(which, submitted=False),
        ]
        some[what]()

    def _edit(self, which: int, name: str, phone: str) -> None:
        """Edit an account above: what the reseller manages is locked, the rest is not."""
        id_ = self._pick(which)
        row = self.model.above["account"][id_]
        managed, closed = row["standing"] == "handed_down", row["status"] == "closed"
        self._try("TEN-26" if closed else "", accounts.edit, id_, {"phone": phone})
        differs = managed and name != row["name"]
        self._try("TEN-26" if closed else "UP-02" if differs else "", accounts.edit, id_, {"name": name})
        if not closed:
            row |= {"phone": phone} | ({} if managed else {"name": name})

    def _become(self, which: int, act: str) -> None:
        """Suspend, reactivate or close an account above: of one that a reseller manages it is refused."""
        id_ = self._pick(which)
        row = self.model.above["account"][id_]
        fits = {"suspend": ("active",), "reactivate": ("suspended", "closed"), "close": ("active", "suspended")}[act]
        managed = row["standing"] == "handed_down"
        rule_ = "UP-20" if managed else "" if row["status"] in fits else "TEN-26"
        self._try(rule_, getattr(accounts, act), id_)
        if not rule_:
            row["status"] = {"suspend": "suspended", "reactivate": "active", "close": "closed"}[act]

    def _add(self, which: int, *, contact: bool) -> None:
        """Add a contact or an address above, whoever manages the account."""
        id_ = self._pick(which)
        rule_ = "TEN-26" if self.model.above["account"][id_]["status"] == "closed" else ""
        new: Any = NewContact(last_name="New") if contact else NewAddress(city="New", country="DE")
        made = self._try(rule_, accounts.add_contact if contact else accounts.add_address, id_, new)
        if made:
            self._adopt("contact" if contact else "address", made)

    def _edit_billing_address(self, which: int) -> None:
        """Edit the billing address above: it is the reseller's once he manages the account."""
        id_ = self._pick(which)
        closed = self.model.above["account"][id_]["status"] == "closed"
        for key, one in self.model.above.of("address", id_).items():
            if one["is_billing"]:
                rule_ = "TEN-26" if closed else "UP-03" if one["standing"] == "mirrored" else ""
                self._try(rule_, accounts.edit_address, key, {"city": f"{one['city']}!"})
                if not rule_:
                    one["city"] += "!"

    def _order(self, which: int, *, submitted: bool) -> None:
        """Make an order of an account that is the distributor's own, or cancel what can be cancelled."""
        id_ = self._pick(which)
        if self.model.above["account"][id_]["standing"] == "own" and len(self.model.above.of("order", id_)) < MANY:
            acme = Row(**self.model.above["account"][id_])
            self._adopt("order", self.world.order(acme, status="submitted" if submitted else "draft").id)
            return
        for key, one in self.model.above.of("order", id_).items():
            rule_ = "BO-20" if one["standing"] == "marked" else "" if one["status"] in OPEN else "ORD-02"
            self._try(rule_, cancel_order, key)
            if not rule_:
                one |= {name: self._read(self.home, "order", key)[name] for name in ("status", "cancelled_at")}

    @rule(which=numbers)
    def resume_or_suspend_reseller(self, which: int) -> None:
        """Let a tenant reseller rest, or go on; only now and then, so that something happens."""
        to = self.model.resellers[which % 2]
        if to.state != "suspended" and which % 7:
            return
        managed = next(self.model.managed(to), None)
        to.state = "suspended" if to.state != "suspended" else "accounts_transferred" if managed else "set_up"
        self.world.update(self.home, channel.tenant_reseller, to.account, state=to.state)

    # Handovers.

    @precondition(lambda self: any(one.state != "suspended" for one in self.model.resellers))
    @rule(which=numbers, chosen=st.none() | st.lists(numbers, min_size=1, max_size=4))
    def plan(self, which: int, chosen: list[int] | None) -> None:
        place = which % 2 if self.model.resellers[which % 2].state != "suspended" else 1 - which % 2
        ids = None if chosen is None else sorted({self._pick(one) for one in chosen})
        to = self.model.resellers[place]
        made = self._try("", handovers.plan, "transfer_accounts", to.account, "all" if ids is None else ids)
        self.model.plan(to, ids)
        self.handovers.append(made)
        self.digests[made] = self._digest(made)

    @precondition(lambda self: self.model.handovers)
    @rule(which=numbers, wrong=st.integers(0, WRONG))
    def confirm(self, which: int, wrong: int) -> None:
        """Confirm what was seen, now and then with another digest."""
        id_, handover = self._one(which, "planned")
        if wrong != WRONG:
            return self._confirm(id_, handover, self.digests[id_])
        _, refused = self._attempt(handovers.confirm, id_, "0" * 64)
        assert refused
        is_open = handover.status == "planned" and handover.to.state != "suspended"
        assert (refused.code == "stale-digest") == is_open
        return None

    def _confirm(self, id_: UUID, handover: Handover, digest: str) -> None:
        """Confirm a digest: planned again when the world has changed since it was seen."""
        _, refused = self._attempt(handovers.confirm, id_, digest)
        error = refused.code if refused else ""
        came = self.model.confirm(handover)
        assert error == CAME.get(came, error), (came, refused)
        assert (came == "not planned") == (error in {"already-confirmed", "ended"}), (came, refused)
        if came == "planned again":
            self.digests[id_] = self._digest(id_)
            assert self.digests[id_] != digest

    @precondition(lambda self: any(one.state != "suspended" for one in self.model.resellers))
    @rule(which=numbers, chosen=st.none() | st.lists(numbers, min_size=1, max_size=4), size=sizes)
    def transfer(self, which: int, chosen: list[int] | None, size: int) -> None:
        """Plan, confirm and run without a pause."""
        self.plan(which, chosen)
        id_, handover = self._all()[-1]
        self._confirm(id_, handover, self.digests[id_])
        if handover.status == "running":
            self._run(id_, handover, size)

    @precondition(lambda self: self._in("running"))
    @rule(which=numbers, size=sizes)
    def run_chunk(self, which: int, size: int) -> None:
        """Run one chunk; whatever comes next, comes between two chunks."""
        id_, handover = self._at_work(which, "running")
        running.run(self.world.worker, self.home.id, id_, lambda: True, size)
        self.model.run(handover, size)

    @precondition(lambda self: self._in("running"))
    @rule(which=numbers, size=sizes)
    def run_to_the_end(self, which: int, size: int) -> None:
        self._run(*self._at_work(which, "running"), size)

    def _run(self, id_: UUID, handover: Handover, size: int) -> None:
        running.run(self.world.worker, self.home.id, id_, size=size)
        while handover.status == "running":
            self.model.run(handover, size)

    @precondition(lambda self: self.model.handovers)
    @rule(which=numbers, some=st.none() | st.lists(numbers, min_size=1, max_size=3))
    def reverse(self, which: int, some: list[int] | None) -> None:
        """Ask to undo a handover, or some accounts of it."""
        id_, handover = self._one(which, *ENDED)
        going = handover.going
        self._reverse(id_, handover, {going[one % len(going)] for one in some} if some and going else None)

    def _reverse(self, id_: UUID, handover: Handover, wanted: set[UUID] | None) -> None:
        begun = self.model.reverse(handover, wanted)
        _, refused = self._attempt(handovers.reverse, id_, None if wanted is None else sorted(wanted))
        assert begun == (refused is None), refused

    @precondition(lambda self: self._in("undoing"))
    @rule(which=numbers, size=sizes, whole=st.booleans())
    def undo(self, which: int, size: int, *, whole: bool) -> None:
        """Undo a chunk, or all that is left."""
        self._undo(*self._at_work(which, "undoing"), size, whole=whole)

    def _undo(self, id_: UUID, handover: Handover, size: int, *, whole: bool) -> None:
        reversal.run(self.world.worker, self.home.id, id_, lambda: not whole, size)
        self.model.undo(handover, size)
        while whole and handover.status == "undoing":
            self.model.undo(handover, size)

    @precondition(lambda self: self._in(*ENDED))
    @rule(which=numbers, size=sizes)
    def take_back(self, which: int, size: int) -> None:
        """Undo one without a pause, when there is anything to undo."""
        id_, handover = self._at_work(which, *ENDED)
        self._reverse(id_, handover, None)
        if handover.status == "undoing":
            self._undo(id_, handover, size, whole=True)

    # What the reseller does below.

    @precondition(lambda self: self._below())
    @rule(which=numbers, what=st.sampled_from(["edit", "address", "suspend", "contact", "order"]))
    def below(self, which: int, what: str) -> None:
        """Do something with a copy: from then on it stays with the reseller."""
        place, id_ = self._below()[which % len(self._below())]
        at, to = self.tenants[place], self.model.resellers[place]
        row = to.side["account"][id_]
        if what == "edit":
            changes = {"name": f"{row['name'][:9]}+", "email": "new@below.example"}
            self._try("", accounts.edit, id_, changes, at=at)
            row |= changes
        elif what == "suspend" and row["status"] == "active":
            self._try("", accounts.suspend, id_, at=at)
            row["status"] = "suspended"
        elif what == "address" and to.side.of("address", id_):
            key, one = next((key, one) for key, one in to.side.of("address", id_).items() if one["is_billing"])
            self._try("", accounts.edit_address, key, {"city": f"{one['city'][:9]}~"}, at=at)
            one["city"] = f"{one['city'][:9]}~"
        elif what == "order":
            self.world.order(Row(**row), at, bill_to_id=id_)
        else:
            made = self.world.contact(Row(**row), at)
            to.side["contact"][made.id] = self._read(at, "contact", made.id)
        to.touched[id_].add(what)
        to.told.add(id_)

    @rule(which=numbers)
    def catch_up(self, which: int) -> None:
        """Bring above what was changed below."""
        while mirror.apply(self.world.worker, self.tenants[which % 2].id):
            pass
        self.model.catch_up(self.model.resellers[which % 2])


@pytest.mark.timeout(HOURS if settings().max_examples > MOST else MINUTES)
def test_dn_01_to_dn_34_any_history_of_handovers_is_what_plain_python_makes_of_it(
    web_database: Database, worker_database: Database
) -> None:
    """Each account is copied once per transfer, undone without a trace, and never left half; tenants stay apart."""
    many = min(settings().max_examples, MOST)
    chosen = settings(max_examples=many, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Histories(web_database, worker_database), settings=chosen)
