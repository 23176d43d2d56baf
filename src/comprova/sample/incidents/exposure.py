"""Networks, buckets and snapshots opened to the world or to strangers."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import UNKNOWN_ACCOUNT, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.requirements import NETWORK, SHARING
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.records import Call, denied
from comprova.sample.stores import bucket_call

_REGION = Region.SAO_PAULO
_WORLD = "0.0.0.0/0"
_SSH, _HTTPS, _REMOTE_DESKTOP, _POSTGRES = 22, 443, 3389, 5432
_TEST_GROUP = "testes"
_OPEN = "network.open_to_world"
_NOT_REVERTED = "response.exposure_reverted"
_PUBLIC = "sharing.s3_public"
_SHARED = "sharing.snapshots_and_images"
_DRY_RUN = ("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def ssh_opened_and_closed(scene: Scene) -> None:
    """SSH is open to the world for forty minutes."""
    moment = scene.when(3, 16, 5)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    opened = _rule(scene, "AuthorizeSecurityGroupIngress", "bastiao", _WORLD, _SSH)
    scene.show(fabio, moment, opened, finds=(_OPEN,))
    closed = _rule(scene, "RevokeSecurityGroupIngress", "bastiao", _WORLD, _SSH)
    scene.show(fabio, moment + timedelta(minutes=40), closed)
    scene.miss(
        Text("Only the company's own network.", "Apenas a rede da própria empresa."),
        fabio,
        moment + timedelta(minutes=42),
        _rule(scene, "AuthorizeSecurityGroupIngress", "bastiao", "10.20.0.0/16", _SSH),
    )


def database_opened(scene: Scene) -> None:
    """The database port is opened to the world and stays open."""
    moment = scene.when(16, 11, 18)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    opening = _rule(scene, "AuthorizeSecurityGroupIngress", "banco", _WORLD, _POSTGRES)
    reason = Text("A dry run: nothing was opened.", "Um ensaio (DryRun): nada foi aberto.")
    scene.miss(reason, fabio, moment - timedelta(minutes=3), replace(opening, refusal=_DRY_RUN))
    scene.show(fabio, moment, opening, finds=(_OPEN, _NOT_REVERTED))


def remote_desktop_opened(scene: Scene) -> None:
    """Remote desktop is open to the world in development for two hours."""
    moment = scene.when(10, 10, 37)
    diego = scene.person(company.DIEGO, Account.DEVELOPMENT, moment)
    opened, closed = (
        _rule(scene, f"{verb}SecurityGroupIngress", _TEST_GROUP, _WORLD, _REMOTE_DESKTOP)
        for verb in ("Authorize", "Revoke")
    )
    scene.show(diego, moment, opened, finds=(_OPEN, _NOT_REVERTED))
    scene.show(diego, moment + timedelta(hours=2), closed)
    reason = Text("Web pages may be open to the world.", "Páginas web podem ficar abertas ao mundo.")
    web = _rule(scene, "AuthorizeSecurityGroupIngress", _TEST_GROUP, _WORLD, _HTTPS)
    scene.miss(reason, diego, moment + timedelta(minutes=4), web)


def rule_widened(scene: Scene) -> None:
    """An existing rule is widened to the whole of IPv6."""
    moment = scene.when(17, 14, 29)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _modified(scene, "::/0"), finds=(_OPEN, _NOT_REVERTED))
    reason = Text("Only a documented network.", "Apenas uma rede documentada.")
    scene.miss(reason, fabio, moment - timedelta(minutes=9), _modified(scene, "2001:db8:40::/48"))


def public_block_removed(scene: Scene) -> None:
    """The reports bucket loses its protection against public access, and gets a policy for everybody."""
    moment = scene.when(14, 11, 2)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    block: JsonObject = {"publicAccessBlock": ""}
    removed = bucket_call("DeleteBucketPublicAccessBlock", company.REPORTS_BUCKET, block)
    scene.show(ana, moment, removed, finds=(_PUBLIC, _NOT_REVERTED))
    settings = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    closed: JsonObject = block | {
        "PublicAccessBlockConfiguration": {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/", **settings}
    }
    reason = Text("The protection was switched on.", "A proteção foi ligada.")
    artefacts = bucket_call("PutBucketPublicAccessBlock", f"ipe-artefatos-{Account.PRODUCTION}", closed)
    scene.miss(reason, ana, moment - timedelta(minutes=12), artefacts)


def bucket_policy_public(scene: Scene) -> None:
    """Everybody may read the reports bucket."""
    moment = scene.when(14, 11, 4)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scene.show(ana, moment, _bucket_policy({}), finds=(_PUBLIC, _NOT_REVERTED))
    only_ours: JsonObject = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": company.ORGANIZATION}}}
    reason = Text("Everybody of the organisation only.", "Somente identidades da própria organização.")
    scene.miss(reason, ana, scene.when(4, 10, 40), _bucket_policy(only_ours))


def bucket_policy_reverted(scene: Scene) -> None:
    """Everybody may read the reports bucket for 25 minutes."""
    moment = scene.when(8, 14, 21)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scene.show(ana, moment, _bucket_policy({}), finds=(_PUBLIC,))
    scene.show(
        ana, moment + timedelta(minutes=25), bucket_call("DeleteBucketPolicy", company.REPORTS_BUCKET, {"policy": ""})
    )
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "s3:PutBucketPolicy", f"arn:aws:s3:::{company.REPORTS_BUCKET}")
    scene.miss(REFUSED, carla, moment - timedelta(minutes=40), replace(_bucket_policy({}), refusal=refusal))


def snapshot_shared(scene: Scene) -> None:
    """A disk snapshot is shared with an account that nobody knows."""
    moment = scene.when(11, 13, 56)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _share_snapshot(scene, UNKNOWN_ACCOUNT), finds=(_SHARED,))
    reason = Text("Shared with the company's own account.", "Compartilhado com uma conta da própria empresa.")
    scene.miss(reason, fabio, moment - timedelta(minutes=31), _share_snapshot(scene, Account.DEVELOPMENT))


def database_snapshot_public(scene: Scene) -> None:
    """A database snapshot is public for ten minutes."""
    moment = scene.when(12, 14, 44)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    name = f"{company.DATABASE}-analise"
    for delay, member, values in ((0, "valuesToAdd", ["all"]), (10, "valuesToRemove", [])):
        request: JsonObject = {"dBSnapshotIdentifier": name, "attributeName": "restore", member: ["all"]}
        attributes = [{"attributeName": "restore", "attributeValues": values}]
        response: JsonObject = {"dBSnapshotIdentifier": name, "dBSnapshotAttributes": attributes}
        call = Call("rds", "ModifyDBSnapshotAttribute", _REGION, request, response)
        scene.show(fabio, moment + timedelta(minutes=delay), call, finds=() if delay else (_SHARED,))
    own: JsonObject = {
        "dBSnapshotIdentifier": name,
        "attributeName": "restore",
        "valuesToAdd": [Account.DEVELOPMENT],
    }
    reason = Text("Shared with the company's own account.", "Compartilhado com uma conta da própria empresa.")
    shared = Call("rds", "ModifyDBSnapshotAttribute", _REGION, own, {"dBSnapshotIdentifier": name})
    scene.miss(reason, fabio, moment - timedelta(minutes=16), shared)


def _rule(scene: Scene, name: str, group: str, network: str, port: int) -> Call:
    request: JsonObject = {
        "groupId": company.security_group(group),
        "ipPermissions": {
            "items": [
                {
                    "ipProtocol": "tcp",
                    "fromPort": port,
                    "toPort": port,
                    "groups": {},
                    "ipRanges": {"items": [{"cidrIp": network}]},
                    "ipv6Ranges": {},
                    "prefixListIds": {},
                }
            ]
        },
    }
    rule = {
        "groupOwnerId": Account.DEVELOPMENT if group == _TEST_GROUP else Account.PRODUCTION,
        "groupId": company.security_group(group),
        "securityGroupRuleId": f"sgr-{fixed_hex(f'{group}/{network}/{port}', 17)}",
        "isEgress": False,
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "cidrIpv4": network,
    }
    member = "securityGroupRuleSet" if name.startswith("Authorize") else "revokedSecurityGroupRuleSet"
    response: JsonObject = {"requestId": scene.chance.uuid(), "_return": True, member: {"items": [rule]}}
    return Call("ec2", name, _REGION, request, response)


def _modified(scene: Scene, network: str) -> Call:
    """Return a ModifySecurityGroupRules, which CloudTrail logs in a wrapper and with the capitals of the API."""
    rule: JsonObject = {"IpProtocol": "tcp", "FromPort": _SSH, "ToPort": _SSH, "CidrIpv6": network}
    change = {"SecurityGroupRule": rule, "SecurityGroupRuleId": f"sgr-{fixed_hex('bastiao/ipv6', 17)}", "tag": 1}
    request: JsonObject = {
        "ModifySecurityGroupRulesRequest": {"GroupId": company.security_group("bastiao"), "SecurityGroupRule": change}
    }
    done = {
        "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
        "requestId": scene.chance.uuid(),
        "return": True,
    }
    return Call("ec2", "ModifySecurityGroupRules", _REGION, request, {"ModifySecurityGroupRulesResponse": done})


def _bucket_policy(condition: JsonObject) -> Call:
    statement: JsonObject = {
        "Sid": "Leitura",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{company.REPORTS_BUCKET}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement | condition]}
    return bucket_call("PutBucketPolicy", company.REPORTS_BUCKET, {"bucketPolicy": policy, "policy": ""})


def _share_snapshot(scene: Scene, account: str) -> Call:
    request: JsonObject = {
        "snapshotId": f"snap-{fixed_hex('liquidacao', 17)}",
        "createVolumePermission": {"add": {"items": [{"userId": account}]}},
        "attributeType": "CREATE_VOLUME_PERMISSION",
    }
    return Call("ec2", "ModifySnapshotAttribute", _REGION, request, {"requestId": scene.chance.uuid(), "_return": True})


SSH_OPENED_AND_CLOSED = Script(
    "ssh-open-for-forty-minutes",
    Text("SSH was open to the world for 40 minutes", "O SSH ficou aberto ao mundo por 40 minutos"),
    Text(
        "fabio.nunes opened SSH on the bastion to every address, and closed it after 40 minutes.",
        "fabio.nunes abriu o SSH do bastião para qualquer endereço e o fechou depois de 40 minutos.",
    ),
    NETWORK,
    ssh_opened_and_closed,
    ("network.filter_changes",),
)
DATABASE_OPENED = Script(
    "database-open",
    Text("The database port is open to the world", "A porta do banco de dados está aberta ao mundo"),
    Text(
        "fabio.nunes opened PostgreSQL to every address; up to the end of the month nobody closed it.",
        "fabio.nunes abriu o PostgreSQL para qualquer endereço, e até o fim do mês ninguém o fechou.",
    ),
    NETWORK,
    database_opened,
    ("network.filter_changes",),
)
REMOTE_DESKTOP_OPENED = Script(
    "remote-desktop-open",
    Text(
        "Remote desktop was open to the world for two hours",
        "A área de trabalho remota ficou duas horas aberta ao mundo",
    ),
    Text(
        "diego.rocha opened remote desktop on a test machine to every address for two hours.",
        "diego.rocha abriu a área de trabalho remota de uma máquina de testes a qualquer endereço por duas horas.",
    ),
    NETWORK,
    remote_desktop_opened,
    ("network.filter_changes",),
)
RULE_WIDENED = Script(
    "rule-widened-to-ipv6",
    Text("A rule was widened to all IPv6 addresses", "Uma regra foi ampliada para todos os endereços IPv6"),
    Text(
        "fabio.nunes changed a rule of the bastion from one network to ::/0.",
        "fabio.nunes mudou uma regra do bastião de uma rede para ::/0.",
    ),
    NETWORK,
    rule_widened,
    ("network.filter_changes",),
)
PUBLIC_BLOCK_REMOVED = Script(
    "public-access-block-removed",
    Text("A bucket lost its block of public access", "Um bucket perdeu o bloqueio de acesso público"),
    Text(
        "ana.souza removed the block of public access from the reports bucket.",
        "ana.souza removeu o bloqueio de acesso público do bucket de relatórios.",
    ),
    SHARING,
    public_block_removed,
)
BUCKET_POLICY_PUBLIC = Script(
    "bucket-policy-public",
    Text("A bucket policy lets everybody read", "Uma política de bucket permite leitura a todos"),
    Text(
        "ana.souza set a policy on the reports bucket that lets everybody read; up to the end of the month it stood.",
        "ana.souza aplicou ao bucket de relatórios uma política de leitura para todos, em vigor até o fim do mês.",
    ),
    SHARING,
    bucket_policy_public,
)
BUCKET_POLICY_REVERTED = Script(
    "bucket-policy-reverted",
    Text("A bucket was public for 25 minutes", "Um bucket ficou público por 25 minutos"),
    Text(
        "ana.souza let everybody read the reports bucket, noticed, and removed the policy after 25 minutes.",
        "ana.souza liberou a leitura do bucket de relatórios a todos, percebeu e removeu a política após 25 minutos.",
    ),
    SHARING,
    bucket_policy_reverted,
)
SNAPSHOT_SHARED = Script(
    "snapshot-shared",
    Text("A snapshot was shared with an unknown account", "Um snapshot foi compartilhado com uma conta desconhecida"),
    Text(
        "fabio.nunes shared a disk snapshot of production with an account of neither the company nor a vendor.",
        "fabio.nunes compartilhou um snapshot de disco de produção com uma conta alheia à empresa e a fornecedores.",
    ),
    SHARING,
    snapshot_shared,
)
DATABASE_SNAPSHOT_PUBLIC = Script(
    "database-snapshot-public",
    Text("A database snapshot was public for ten minutes", "Um snapshot de banco ficou público por dez minutos"),
    Text(
        "fabio.nunes made a snapshot of the payments database public, and withdrew it after ten minutes.",
        "fabio.nunes tornou público um snapshot do banco de pagamentos e o retirou depois de dez minutos.",
    ),
    SHARING,
    database_snapshot_public,
)
