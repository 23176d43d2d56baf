"""Networks, buckets and snapshots opened to the world or to strangers."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import UNKNOWN_ACCOUNT, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call
from comprova.sample.stores import bucket_call

_REGION = Region.SAO_PAULO
_WORLD = "0.0.0.0/0"
_SSH, _POSTGRES, _REMOTE_DESKTOP = 22, 5432, 3389
_TEST_GROUP = "testes"
_DRY_RUN = ("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def ssh_opened_and_closed(scene: Scene) -> None:
    """SSH is open to the world for forty minutes."""
    moment = scene.when(3, 16, 5)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _rule(scene, "AuthorizeSecurityGroupIngress", "bastiao", _WORLD, _SSH))
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
    scene.show(fabio, moment, opening)


def remote_desktop_opened(scene: Scene) -> None:
    """Remote desktop is open to the world in development for two hours."""
    moment = scene.when(10, 10, 37)
    diego = scene.person(company.DIEGO, Account.DEVELOPMENT, moment)
    for delay, name in ((0, "AuthorizeSecurityGroupIngress"), (2, "RevokeSecurityGroupIngress")):
        scene.show(diego, moment + timedelta(hours=delay), _rule(scene, name, _TEST_GROUP, _WORLD, _REMOTE_DESKTOP))


def rule_widened(scene: Scene) -> None:
    """An existing rule is widened to the whole of IPv6."""
    moment = scene.when(17, 14, 29)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _modified(scene, "::/0"))
    reason = Text("Only a documented network.", "Apenas uma rede documentada.")
    scene.miss(reason, fabio, moment - timedelta(minutes=9), _modified(scene, "2001:db8:40::/48"))


def public_block_removed(scene: Scene) -> None:
    """The reports bucket loses its protection against public access, and gets a policy for everybody."""
    moment = scene.when(14, 11, 2)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    block: JsonObject = {"publicAccessBlock": ""}
    scene.show(ana, moment, bucket_call("DeleteBucketPublicAccessBlock", company.REPORTS_BUCKET, block))
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
    scene.show(ana, moment, _bucket_policy({}))
    only_ours: JsonObject = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": company.ORGANIZATION}}}
    reason = Text("Everybody of the organisation only.", "Somente principais da própria organização.")
    scene.miss(reason, ana, scene.when(4, 10, 40), _bucket_policy(only_ours))


def snapshot_shared(scene: Scene) -> None:
    """A disk snapshot is shared with an account that nobody knows."""
    moment = scene.when(11, 13, 56)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _share_snapshot(scene, UNKNOWN_ACCOUNT))
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
        scene.show(fabio, moment + timedelta(minutes=delay), call)


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
    ("open_to_world", "filter_changes", "exposure_reverted"),
    ssh_opened_and_closed,
)
DATABASE_OPENED = Script(
    "database-open",
    Text("The database port is open to the world", "A porta do banco de dados está aberta ao mundo"),
    ("open_to_world", "filter_changes"),
    database_opened,
)
REMOTE_DESKTOP_OPENED = Script(
    "remote-desktop-open",
    Text(
        "Remote desktop was open to the world for two hours",
        "A área de trabalho remota ficou duas horas aberta ao mundo",
    ),
    ("open_to_world", "filter_changes", "exposure_reverted"),
    remote_desktop_opened,
)
RULE_WIDENED = Script(
    "rule-widened-to-ipv6",
    Text("A rule was widened to all IPv6 addresses", "Uma regra foi ampliada para todos os endereços IPv6"),
    ("open_to_world", "filter_changes"),
    rule_widened,
)
PUBLIC_BLOCK_REMOVED = Script(
    "public-access-block-removed",
    Text("A bucket lost its block of public access", "Um bucket perdeu o bloqueio de acesso público"),
    ("s3_public",),
    public_block_removed,
)
BUCKET_POLICY_PUBLIC = Script(
    "bucket-policy-public",
    Text("A bucket policy lets everybody read", "Uma política de bucket permite leitura a todos"),
    ("s3_public", "resource_policy_changes"),
    bucket_policy_public,
)
SNAPSHOT_SHARED = Script(
    "snapshot-shared",
    Text("A snapshot was shared with an unknown account", "Um snapshot foi compartilhado com uma conta desconhecida"),
    ("snapshots_and_images",),
    snapshot_shared,
)
DATABASE_SNAPSHOT_PUBLIC = Script(
    "database-snapshot-public",
    Text("A database snapshot was public for ten minutes", "Um snapshot de banco ficou público por dez minutos"),
    ("snapshots_and_images",),
    database_snapshot_public,
)
