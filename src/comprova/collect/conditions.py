"""Whether what a requirement's `evaluable_if` names held in a run, and why not.

- `management:read`, `management:write`, `kms`: every cell is recorded or quiet, as for a query that needs these events.
- `data:<service>`: these events are proven for the resources that the requirement's queries take as parameters; where
  these name none, for those that any query of the run takes; where none does, for all resources.
- `digest`: every cell is proven by CloudTrail's signed digest files.
- `inventory`: the job names the accounts that must be there. Else one without any log goes unnoticed.
- `parameter:<name>`: the job sets it, if only to an empty list, or its default is not empty.

What follows for the requirement is decided in `evidence.outcomes.joined`.
"""

from collections.abc import Mapping

from comprova.catalog.framework import DIGEST, INVENTORY, PARAMETER_PREFIX, Requirement
from comprova.catalog.needs import DATA_PREFIX
from comprova.collect.assess import TrailState, unlogged
from comprova.collect.data_logging import DataLogging
from comprova.evidence.model import Reason, UnmetCondition
from comprova.evidence.outcomes import Assurance, ReasonCode

ResourcesByQuery = Mapping[str, Mapping[str, frozenset[str]]]
"""By query, its data needs and the resources that its parameters list for each."""


class Conditions:
    """What conditions of requirements are held against, the same for all requirements of a run.

    Args:
        trail: What is known of the logs.
        data: What is known of data events.
        resources: What the queries of the run ask about.
        accounts_named: Whether the job names the accounts that must be there.
        parameters: The parameters that are set.
    """

    def __init__(
        self,
        trail: TrailState,
        data: DataLogging,
        resources: ResourcesByQuery,
        *,
        accounts_named: bool,
        parameters: frozenset[str],
    ) -> None:
        self._trail = trail
        self._data = data
        self._resources = resources
        self._accounts_named = accounts_named
        self._parameters = parameters
        # Hundreds of requirements share a few conditions, and each is held against every cell.
        self._unlogged: dict[tuple[str, frozenset[str]], tuple[Reason, ...]] = {}

    def unmet(self, requirement: Requirement) -> tuple[UnmetCondition, ...]:
        """Return the conditions that did not hold, in the requirement's order; none where no query is asked for it."""
        if not requirement.evidence:
            return ()
        judged = ((condition, self._reasons(condition, requirement)) for condition in requirement.evaluable_if)
        return tuple(UnmetCondition(condition=condition, reasons=reasons) for condition, reasons in judged if reasons)

    def _reasons(self, condition: str, requirement: Requirement) -> tuple[Reason, ...]:
        if condition == INVENTORY:
            return () if self._accounts_named else (Reason(code=ReasonCode.NO_INVENTORY),)
        if condition == DIGEST:
            proven = bool(self._trail.cells) and all(cell.assurance is Assurance.PROVEN for cell in self._trail.cells)
            return () if proven else (Reason(code=ReasonCode.NO_DIGEST),)
        if condition.startswith(PARAMETER_PREFIX):
            name = condition.removeprefix(PARAMETER_PREFIX)
            unset = Reason(code=ReasonCode.PARAMETER_NOT_SET, facts={"parameters": (name,)})
            return () if name in self._parameters else (unset,)
        return self._not_logged(condition, self._in_scope(condition, requirement))

    def _not_logged(self, need: str, resources: frozenset[str]) -> tuple[Reason, ...]:
        if (need, resources) not in self._unlogged:
            unproven = {need: self._data.unproven(need, resources)} if need.startswith(DATA_PREFIX) else {}
            self._unlogged[need, resources] = tuple(unlogged((need,), unproven, self._trail))
        return self._unlogged[need, resources]

    def _in_scope(self, need: str, requirement: Requirement) -> frozenset[str]:
        """Return the resources whose data events a requirement is about; none for management events."""
        own = [self._resources.get(item.ref.id, {}) for item in requirement.evidence]
        listed = frozenset().union(*(of_query.get(need, frozenset()) for of_query in own))
        return listed or frozenset().union(*(of_query.get(need, frozenset()) for of_query in self._resources.values()))
