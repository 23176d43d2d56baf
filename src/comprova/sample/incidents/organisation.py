"""The frame around the accounts: guardrails, regions, contacts, labels, safeguards, and which accounts there are."""

from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import CUSTOMERS_BUCKET, RECOVERY_ACCOUNT, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.incidents.deed import Deed, Lookalike, refused
from comprova.sample.incidents.requirements import CONTACTS, GOVERNANCE, LABELS, LOG_FILES, REGIONS, SAFEGUARDS
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call

_REGION = Region.SAO_PAULO
_GUARDRAIL = "p-ipe7trilha"
_ROOT = "r-ipe7"
_LABEL = "classificacao"
_HIDDEN: JsonObject = dict.fromkeys(("Name", "EmailAddress", "PhoneNumber"), "HIDDEN_DUE_TO_SECURITY_REASONS")
"""What CloudTrail keeps of a contact."""


def _guardrail(name: str) -> Call:
    return Call("organizations", name, Region.VIRGINIA, {"policyId": _GUARDRAIL, "targetId": _ROOT})


def _region(name: str) -> Call:
    return Call("account", name, Region.VIRGINIA, {"RegionName": "af-south-1", "AccountId": Account.PRODUCTION})


def _contact(name: str) -> Call:
    asked: JsonObject = {"AlternateContactType": "SECURITY", "AccountId": Account.PRODUCTION}
    return Call("account", name, Region.VIRGINIA, asked if name.startswith("Get") else asked | _HIDDEN)


def _unlabelled(label: str) -> Call:
    request: JsonObject = {"resourceARNList": [f"arn:aws:s3:::{CUSTOMERS_BUCKET}"], "tagKeys": [label]}
    return Call("tagging", "UntagResources", _REGION, request, {"failedResourcesMap": {}})


def _protection(*, on: bool) -> Call:
    request: JsonObject = {
        "dBInstanceIdentifier": company.DATABASE,
        "deletionProtection": on,
        "applyImmediately": True,
    }
    return Call("rds", "ModifyDBInstance", _REGION, request, request | {"dBInstanceStatus": "available"})


def account_not_delivering(scene: Scene) -> None:
    """The auditor finds an account in the organisation that the trail has nothing of."""
    moment = scene.when(1, 14, 28)
    gabriela = scene.person(company.GABRIELA, Account.SECURITY, moment)
    silent, quiet = (_described(account) for account in (RECOVERY_ACCOUNT, Account.SECURITY))
    scene.show(gabriela, moment, silent)
    scene.rows.append(Row("logs.scope_missing", f"account_without_events {RECOVERY_ACCOUNT} None"))
    reason = Text("An account that is quiet and delivers.", "Uma conta com pouco movimento, que entrega logs.")
    scene.miss(reason, gabriela, moment + timedelta(minutes=1), quiet)


def _described(account: str) -> Call:
    return Call("organizations", "DescribeAccount", Region.VIRGINIA, {"accountId": account})


GUARDRAIL_DETACHED = Script(
    "guardrail-detached",
    Text("A guardrail of the organisation was detached", "Um guardrail da organização foi desvinculado"),
    Text(
        "ana.souza detached the policy that forbids to touch trails from the root of the organisation.",
        "ana.souza desvinculou da raiz da organização a política que proíbe mexer em trilhas.",
    ),
    GOVERNANCE,
    Deed(
        company.ANA,
        (11, 14, 20),
        (_guardrail("DetachPolicy"),),
        ("organisation.guardrail_changes",),
        (
            refused(
                company.GABRIELA,
                _guardrail("DetachPolicy"),
                "organizations:DetachPolicy",
                f"arn:aws:organizations::{Account.SECURITY}:policy/{company.ORGANIZATION}/service_control_policy/"
                f"{_GUARDRAIL}",
            ),
        ),
        Account.SECURITY,
    ),
)
REGION_ENABLED = Script(
    "region-enabled",
    Text("A region was switched on", "Uma região foi ativada"),
    Text(
        "ana.souza switched the region of Cape Town on for production; nothing of the company is there.",
        "ana.souza ativou a região da Cidade do Cabo para produção; nada da empresa está lá.",
    ),
    REGIONS,
    Deed(
        company.ANA,
        (10, 14, 34),
        (_region("EnableRegion"),),
        ("organisation.region_changes",),
        (Lookalike(Text("Only looked at.", "Apenas consultada."), _region("GetRegionOptStatus")),),
        Account.SECURITY,
    ),
)
CONTACT_CHANGED = Script(
    "security-contact-changed",
    Text("The security contact of production was changed", "O contato de segurança de produção foi alterado"),
    Text(
        "ana.souza changed to whom AWS writes about incidents in production; who it is now is not logged.",
        "ana.souza mudou a quem a AWS escreve sobre incidentes em produção; quem é agora não fica no log.",
    ),
    CONTACTS,
    Deed(
        company.ANA,
        (2, 15, 12),
        (_contact("PutAlternateContact"),),
        ("organisation.contact_changes",),
        (Lookalike(Text("Only looked at.", "Apenas consultado."), _contact("GetAlternateContact")),),
        Account.SECURITY,
    ),
)
LABEL_REMOVED = Script(
    "classification-removed",
    Text("The customers' bucket lost its label", "O bucket de clientes perdeu sua classificação"),
    Text(
        "ana.souza removed the tag that says that the bucket holds personal data.",
        "ana.souza removeu a tag que diz que o bucket guarda dados pessoais.",
    ),
    LABELS,
    Deed(
        company.ANA,
        (8, 10, 15),
        (_unlabelled(_LABEL),),
        ("organisation.classification_tags",),
        (Lookalike(Text("A tag about costs.", "Uma tag de custos."), _unlabelled("centro-de-custo")),),
    ),
)
PROTECTION_OFF = Script(
    "deletion-protection-off",
    Text("The payments database may be deleted", "O banco de pagamentos pode ser excluído"),
    Text(
        "fabio.nunes switched the protection against deletion of the payments database off.",
        "fabio.nunes desligou a proteção contra exclusão do banco de pagamentos.",
    ),
    SAFEGUARDS,
    Deed(
        company.FABIO,
        (4, 16, 33),
        (_protection(on=False),),
        ("destruction.protection_removed",),
        (Lookalike(Text("It was switched on.", "Ela foi ligada."), _protection(on=True)),),
    ),
)
ACCOUNT_NOT_DELIVERING = Script(
    "account-not-delivering",
    Text("An account that is expected delivers no logs", "Uma conta esperada não entrega logs"),
    Text(
        "The account for disaster recovery is in the organisation and in the register, and the bucket has nothing of "
        "it: what happens there is not known.",
        "A conta de recuperação de desastres está na organização e no cadastro, e o bucket nada tem dela: não se sabe "
        "o que acontece ali.",
    ),
    LOG_FILES,
    account_not_delivering,
)
