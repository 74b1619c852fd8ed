"""The ways in which a declaration of the rules can be broken: found in a file's syntax tree, carried out in a copy."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

RULE = re.compile(r"^[A-Z]{2,4}-\d+$")
VERBS = {"carry", "mirror", "blank", "fill", "assign"}
# A field that was decided one way is decided another way.
TURNED = {"carry": "blank", "mirror": "carry", "blank": "carry"}
PIECES = {"Mark", "Lapse"}
# Of an act, what is not a verdict.
NOT_VERDICTS = {"label", "statuses", "otherwise", "danger", "later"}

# Beside a declaration of which some mutants do the same as the original: "unmutated: why", or "unmutated (names): why".
SPARED = re.compile(r"# unmutated(?: \((?P<names>[\w ,]+)\))?: \S")

Change = Callable[[ast.Module, ast.AST], None]


@dataclass(frozen=True)
class Mutant:
    """One declaration, broken in one way."""

    lines: range
    rule: str
    says: str
    # Names that a test of it may carry when the declaration has no rule of its own.
    hints: tuple[str, ...]
    _place: int
    _change: Change

    @property
    def line(self) -> int:
        return self.lines.start

    def write(self, text: str) -> str:
        """Give the file with this one thing broken."""
        tree = ast.parse(text)
        self._change(tree, list(ast.walk(tree))[self._place])
        return ast.unparse(ast.fix_missing_locations(tree))


def verdicts_of(text: str) -> dict[str, str]:
    """Name -> rule of the verdicts that a file names: `by_reseller = no("UP-20", "...")`."""
    found = {}
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="no")) as call):
                found[name] = rule_of(call)
    return found


def mutants_of(text: str, verdicts: Mapping[str, str]) -> Iterator[Mutant]:
    """Find every way to break a file's declarations; `verdicts` are the named ones of all files."""
    written = ["", *text.splitlines()]
    for place, node in enumerate(ast.walk(ast.parse(text))):
        for at, rule, says, hints, change in _ways(node, verdicts):
            mutant = Mutant(range(at.lineno, (at.end_lineno or at.lineno) + 1), rule, says, tuple(hints), place, change)
            if not any(_spares(written[line], mutant) for line in mutant.lines):
                yield mutant


def _spares(line: str, mutant: Mutant) -> bool:
    comment = SPARED.search(line)
    if comment is None:
        return False
    named = set(re.findall(r"\w+", comment["names"] or ""))
    return not named or not named.isdisjoint(mutant.hints)


Way = tuple[ast.expr | ast.stmt, str, str, Iterable[str], Change]


def _ways(node: ast.AST, verdicts: Mapping[str, str]) -> Iterator[Way]:
    match node:
        case ast.Call(func=ast.Name(id="Copy")):
            yield from _ways_of_copy(node)
        case ast.Call(func=ast.Name(id="Check")):
            yield from _ways_of_check(node)
        case ast.Tuple() | ast.List():
            yield from _ways_of_pieces(node)
        case ast.ClassDef(bases=bases) if any(isinstance(base, ast.Name) and base.id == "Policy" for base in bases):
            yield from _ways_of_policy(node, verdicts)
        case ast.ClassDef(name=name) if name.endswith("Act"):
            yield from _ways_of_defaults(node, verdicts)
        case ast.Dict():
            yield from _ways_of_locks(node)


def _ways_of_copy(copy: ast.Call) -> Iterator[Way]:
    for position, stanza in enumerate(_stanzas(copy)):
        if not isinstance(stanza, ast.Call) or not isinstance(stanza.func, ast.Name) or stanza.func.id not in VERBS:
            continue
        verb, rule = stanza.func.id, rule_of(stanza)
        yield stanza, rule, f"{verb} dropped", (), _dropped_stanza(position)
        if verb in TURNED:
            for name in _words(stanza):
                says = f"{name}: {verb} turned into {TURNED[verb]}"
                yield stanza, rule, says, (name,), _moved_field(position, name, TURNED[verb])
            continue
        for keyword in stanza.keywords:
            if keyword.arg is None:
                # A spread has no field of its own; dropping the stanza breaks it.
                continue
            other = _other_constant(keyword.value)
            name = keyword.arg
            if other is not None:
                says = f"{name}: {ast.unparse(keyword.value)} turned into {ast.unparse(other)}"
                yield keyword.value, rule, says, (name,), _other_value(position, name, other)
            elif verb == "fill":
                says = f"{name}: carried as it stands"
                yield keyword.value, rule, says, (name,), _moved_field(position, name, "carry")


def _stanzas(copy: ast.Call) -> list[ast.expr]:
    return next((k.value.elts for k in copy.keywords if k.arg == "rules" and isinstance(k.value, ast.Tuple)), [])


def _words(stanza: ast.Call) -> list[str]:
    return cast("str", cast("ast.Constant", stanza.args[2]).value).split()


def _dropped_stanza(position: int) -> Change:
    def change(_tree: ast.Module, copy: ast.AST) -> None:
        del _stanzas(cast("ast.Call", copy))[position]

    return change


def _moved_field(position: int, name: str, verb: str) -> Change:
    """Take one field out of its stanza and decide it in one of its own."""

    def change(tree: ast.Module, copy: ast.AST) -> None:
        stanzas = _stanzas(cast("ast.Call", copy))
        stanza = cast("ast.Call", stanzas[position])
        own = ast.Call(ast.Name(verb), [*stanza.args[:2], ast.Constant(name)], [])
        if stanza.keywords:
            stanza.keywords = [keyword for keyword in stanza.keywords if keyword.arg != name]
            is_empty = not stanza.keywords
        else:
            left = [word for word in _words(stanza) if word != name]
            stanza.args[2] = ast.Constant(" ".join(left))
            is_empty = not left
        stanzas[position : position + 1] = [own] if is_empty else [stanza, own]
        _import_beside(tree, VERBS, verb)

    return change


def _other_value(position: int, name: str, other: ast.expr) -> Change:
    def change(_tree: ast.Module, copy: ast.AST) -> None:
        stanza = cast("ast.Call", _stanzas(cast("ast.Call", copy))[position])
        next(keyword for keyword in stanza.keywords if keyword.arg == name).value = other

    return change


def _other_constant(value: ast.expr) -> ast.expr | None:
    match value:
        case ast.Constant(value=bool(given)):
            return ast.Constant(not given)
        case ast.Constant(value=int(given)):
            return ast.Constant(given + 1)
        case ast.Constant(value=str(given)):
            return ast.Constant(given + " changed")
    return None


def _ways_of_check(check: ast.Call) -> Iterator[Way]:
    rule = rule_of(check)
    hints = [cast("str", arg.value).replace("-", "_") for arg in check.args[:1] if isinstance(arg, ast.Constant)]

    def empty(_tree: ast.Module, node: ast.AST) -> None:
        offenders = _keyword(cast("ast.Call", node), "offenders")
        nobody = ast.Call(ast.Attribute(ast.Name("sa"), "false"), [], [])
        offenders.value = ast.Call(ast.Attribute(offenders.value, "where"), [nobody], [])

    def harmless(_tree: ast.Module, node: ast.AST) -> None:
        _keyword(cast("ast.Call", node), "severity").value = ast.Constant("note")

    if any(keyword.arg == "offenders" for keyword in check.keywords):
        yield check, rule, "nobody offends", hints, empty
    if any(isinstance(k.value, ast.Name) and k.value.id == "BLOCKER" for k in check.keywords if k.arg == "severity"):
        yield check, rule, "blocker turned into note", hints, harmless


def _keyword(call: ast.Call, name: str) -> ast.keyword:
    return next(keyword for keyword in call.keywords if keyword.arg == name)


def _ways_of_pieces(node: ast.Tuple | ast.List) -> Iterator[Way]:
    for position, piece in enumerate(node.elts):
        match piece:
            case ast.Call(func=ast.Name(id=kind)) if kind in PIECES:
                yield piece, rule_of(piece), f"{kind.lower()} dropped", (), _dropped_piece(position)


def _dropped_piece(position: int) -> Change:
    def change(_tree: ast.Module, node: ast.AST) -> None:
        del cast("ast.Tuple", node).elts[position]

    return change


def _ways_of_policy(policy: ast.ClassDef, verdicts: Mapping[str, str]) -> Iterator[Way]:
    for position, statement in enumerate(policy.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=act)], value=ast.Call(func=ast.Name(id=kind)) as call):
                if kind.endswith("Act"):
                    yield from _ways_of_act(policy.name, act, call, position, verdicts)


def _ways_of_act(record: str, act: str, call: ast.Call, position: int, verdicts: Mapping[str, str]) -> Iterator[Way]:
    said = {k.arg or "": _rule_of_verdict(k.value, verdicts) for k in call.keywords}
    # What is allowed is tested beside what is refused, in the tests of the act's refusals.
    hints = [act, *(rule for rule in said.values() if rule)]
    for keyword in call.keywords:
        standing, where = keyword.arg or "", f"{record}.{act}"
        if standing == "statuses":
            rule = said.get("otherwise") or ""
            yield keyword.value, rule, f"{where}: allowed in every status", hints, _any_status(position)
        elif standing not in NOT_VERDICTS and (rule_here := said[standing]) is not None:
            says = f"{where}, {standing}: {'allowed' if rule_here else 'refused'}"
            yield keyword.value, rule_here, says, hints, _turned_verdict(position, standing, allow=bool(rule_here))


def _rule_of_verdict(value: ast.expr, verdicts: Mapping[str, str]) -> str | None:
    """Give the rule of a no, nothing for a yes, None for what is neither."""
    match value:
        case ast.Name(id="yes"):
            return ""
        case ast.Name(id=name):
            return verdicts.get(name)
        case ast.Call(func=ast.Name(id="no")):
            return rule_of(value)
    return None


def _turned_verdict(position: int, standing: str, *, allow: bool) -> Change:
    def change(tree: ast.Module, policy: ast.AST) -> None:
        statement = cast("ast.Assign", cast("ast.ClassDef", policy).body[position])
        _keyword(cast("ast.Call", statement.value), standing).value = _verdict(tree, allow=allow)

    return change


def _verdict(tree: ast.Module, *, allow: bool) -> ast.expr:
    _import_beside(tree, {"yes", "no"}, "yes" if allow else "no")
    if allow:
        return ast.Name("yes")
    return ast.Call(ast.Name("no"), [ast.Constant("XX-0"), ast.Constant("Turned round by a mutation.")], [])


def _any_status(position: int) -> Change:
    def change(_tree: ast.Module, policy: ast.AST) -> None:
        call = cast("ast.Call", cast("ast.Assign", cast("ast.ClassDef", policy).body[position]).value)
        call.keywords = [keyword for keyword in call.keywords if keyword.arg != "statuses"]

    return change


def _ways_of_defaults(act: ast.ClassDef, verdicts: Mapping[str, str]) -> Iterator[Way]:
    """Find the verdicts that all acts of a kind share unless they say otherwise."""
    for position, statement in enumerate(act.body):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=standing), value=ast.expr() as value):
                rule = _rule_of_verdict(value, verdicts)
                if rule is not None:
                    says = f"{act.name}, {standing}: {'allowed' if rule else 'refused'} by default"
                    yield statement, rule, says, (standing,), _turned_default(position, allow=bool(rule))


def _turned_default(position: int, *, allow: bool) -> Change:
    def change(tree: ast.Module, act: ast.AST) -> None:
        cast("ast.AnnAssign", cast("ast.ClassDef", act).body[position]).value = _verdict(tree, allow=allow)

    return change


def _ways_of_locks(locks: ast.Dict) -> Iterator[Way]:
    for position, (key, value) in enumerate(zip(locks.keys, locks.values, strict=True)):
        match key, value:
            case ast.Constant(value=str(name)), ast.Call(func=ast.Name(id="no")):
                yield value, rule_of(value), f"{name}: not locked", (name,), _dropped_lock(position)


def _dropped_lock(position: int) -> Change:
    def change(_tree: ast.Module, locks: ast.AST) -> None:
        cast("ast.Dict", locks).keys.pop(position)
        cast("ast.Dict", locks).values.pop(position)

    return change


def rule_of(call: ast.Call) -> str:
    """Give the rule that a declaration names, wherever among its words it stands."""
    said = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "rule")]
    words = (word.value for word in said if isinstance(word, ast.Constant) and isinstance(word.value, str))
    return next((word for word in words if RULE.match(word)), "")


def _import_beside(tree: ast.Module, family: set[str], name: str) -> None:
    """Import a word from where its family is imported, unless the file has it already."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and family & {alias.name for alias in node.names}:
            if name not in {alias.name for alias in node.names}:
                node.names.append(ast.alias(name))
            return
