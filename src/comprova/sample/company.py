"""Pagamentos Ipê, an invented payments company: its accounts, regions, people, workloads, stores and networks.

Nobody and nothing here exists. Account numbers are those of the AWS documentation, addresses are of
RFC 5737 and RFC 3849, the domain is of RFC 2606.
"""

from dataclasses import dataclass
from enum import StrEnum

from comprova.sample.ids import fixed_hex, fixed_uuid

COMPANY = "Pagamentos Ipê"
DOMAIN = "pagamentosipe.example"
ORGANIZATION = "o-ipe7pgto26"
TIME_ZONE = "America/Sao_Paulo"


class Account(StrEnum):
    """The accounts of the organisation."""

    PRODUCTION = "111122223333"
    DEVELOPMENT = "444455556666"
    SECURITY = "777788889999"
    """The management account; it also keeps the organisation trail and its bucket, and Identity Center."""


class Region(StrEnum):
    """The regions in use, busiest first."""

    SAO_PAULO = "sa-east-1"
    VIRGINIA = "us-east-1"
    OHIO = "us-east-2"
    IRELAND = "eu-west-1"


VENDOR_ACCOUNT = "555566667777"
"""The account of the monitoring vendor, which may assume one role."""

UNKNOWN_ACCOUNT = "123456789012"
"""An account that is neither the company's nor a vendor's."""

RECOVERY_ACCOUNT = "222233334444"
"""The account for disaster recovery, of which no logs are delivered."""

CARDS_BUCKET = "ipe-cartoes-prod"
"""Cardholder data; the trail records its data events."""

CUSTOMERS_BUCKET = "ipe-clientes-prod"
"""Customer records, personal data; the trail records its data events."""

REPORTS_BUCKET = "ipe-relatorios-prod"
"""Internal reports; the trail does not record its data events."""

EXPORTS_BUCKET = "ipe-exportacoes-prod"
"""Where databases may be exported to."""

TOKENS_TABLE = "ipe-tokens"
LIMITS_TABLE = "ipe-limites"
"""Tables with data of customers; the trail records the data events of the first alone."""

TRAIL_BUCKET = "ipe-org-trail"
"""The log files of the organisation trail, in the security account."""

ORGANIZATION_TRAIL = f"arn:aws:cloudtrail:{Region.SAO_PAULO}:{Account.SECURITY}:trail/ipe-organizacao"
LOCAL_TRAIL = f"arn:aws:cloudtrail:{Region.SAO_PAULO}:{Account.PRODUCTION}:trail/ipe-producao-local"
"""A second trail that production keeps for its own alarms; when it stops, the organisation trail still records."""

IDENTITY_STORE = f"arn:aws:identitystore::{Account.SECURITY}:identitystore/d-9067f0a1b2"

OFFICE_ADDRESS = "203.0.113.10"
EGRESS_ADDRESS = "203.0.113.200"
"""The NAT gateway of the production network."""
DATA_CENTRE_ADDRESS = "203.0.113.77"
VENDOR_ADDRESS = "198.51.100.200"
CI_ADDRESS = "198.51.100.140"
STRANGER_ADDRESS = "192.0.2.77"
STRANGER_NETWORK = "192.0.2.0/24"
DATABASE_SUBNET = "subnet-0c3a5e71f9b2d8460"
DOMAIN_ZONE = "Z0481926PAGTOSIPE0001"
"""The hosted zone of the company's domain."""
VPC_ENDPOINT = f"vpce-{fixed_hex('s3', 17)}"

SECRETS = ("prod/autorizador/banco", "prod/cadastro/banco", "prod/conciliacao/adquirente")
SERVICES = ("autorizador", "cadastro", "antifraude", "notificacoes")
CLUSTER = "ipe-producao"
DATABASE = "ipe-pagamentos"
PIPELINE = "github-implantacao"
"""The role of the deployment pipeline, in production and in development."""


class PermissionSet(StrEnum):
    """What Identity Center lets people do in an account."""

    ADMINISTRATOR = "PlataformaAdmin"
    DEVELOPER = "Desenvolvimento"
    DATA_ANALYST = "AnaliseDados"
    DATABASE = "BancoDados"
    AUDITOR = "SegurancaAuditoria"
    SUPPORT = "SuporteLeitura"
    BILLING = "Financeiro"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs in through Identity Center.

    Attributes:
        name: The part of the address before the @.
        permission_set: What the person may do.
        accounts: Where; the first is the one most used.
        home: Address when not in the office.
    """

    name: str
    permission_set: PermissionSet
    accounts: tuple[Account, ...]
    home: str

    @property
    def email(self) -> str:
        """The address that names the person's sessions."""
        return f"{self.name}@{DOMAIN}"

    @property
    def user_id(self) -> str:
        """The person's id in the identity store."""
        return fixed_uuid(f"person/{self.name}")


ANA = Person("ana.souza", PermissionSet.ADMINISTRATOR, (Account.PRODUCTION, Account.SECURITY), "198.51.100.11")
BRUNO = Person("bruno.lima", PermissionSet.ADMINISTRATOR, (Account.PRODUCTION, Account.DEVELOPMENT), "198.51.100.12")
CARLA = Person("carla.mendes", PermissionSet.DEVELOPER, (Account.DEVELOPMENT, Account.PRODUCTION), "198.51.100.13")
DIEGO = Person("diego.rocha", PermissionSet.DEVELOPER, (Account.DEVELOPMENT,), "198.51.100.14")
ELISA = Person("elisa.prado", PermissionSet.DATA_ANALYST, (Account.PRODUCTION,), "198.51.100.15")
FABIO = Person("fabio.nunes", PermissionSet.DATABASE, (Account.PRODUCTION, Account.DEVELOPMENT), "198.51.100.16")
GABRIELA = Person("gabriela.costa", PermissionSet.AUDITOR, (Account.SECURITY, Account.PRODUCTION), "198.51.100.17")
HENRIQUE = Person("henrique.alves", PermissionSet.DEVELOPER, (Account.DEVELOPMENT,), "2001:db8:40::18")
ISABELA = Person("isabela.freitas", PermissionSet.BILLING, (Account.SECURITY,), "198.51.100.19")
JOAO = Person("joao.teixeira", PermissionSet.DEVELOPER, (Account.DEVELOPMENT,), "198.51.100.20")
KARINA = Person("karina.dias", PermissionSet.SUPPORT, (Account.PRODUCTION,), "198.51.100.21")

PEOPLE = (ANA, BRUNO, CARLA, DIEGO, ELISA, FABIO, GABRIELA, HENRIQUE, ISABELA, JOAO, KARINA)

MARCOS = "marcos.pereira"
LUCIA = "lucia.ramos"
EMERGENCY = "emergencia"
LUCIA_HOME = "198.51.100.31"
RECONCILIATION = "svc-conciliacao"
"""The IAM users of production: two old console users, the emergency user, and a program in the data centre."""

REPORTS_BOT = "bot-relatorios"
"""The IAM user of development: a program with a long-term key."""


def key_arn(name: str) -> str:
    """Return the ARN of the production KMS key of that name: `cartoes`, `clientes`, `segredos` or another."""
    return f"arn:aws:kms:{Region.SAO_PAULO}:{Account.PRODUCTION}:key/{fixed_uuid(f'key/{name}')}"


def bucket_key(bucket: str) -> str:
    """Return the ARN of the KMS key that encrypts a regulated bucket."""
    return key_arn("cartoes" if bucket == CARDS_BUCKET else "clientes")


def secret_arn(name: str) -> str:
    """Return the ARN of a production secret."""
    return f"arn:aws:secretsmanager:{Region.SAO_PAULO}:{Account.PRODUCTION}:secret:{name}-{fixed_hex(name, 6)}"


def detector(account: Account, region: Region) -> str:
    """Return the id of the GuardDuty detector of an account in a region."""
    return fixed_hex(f"detector/{account}/{region}", 32)


def security_group(name: str) -> str:
    """Return the id of a security group."""
    return f"sg-{fixed_hex(f'sg/{name}', 17)}"
