"""What was given to accounts, places and people outside, and who came in from there."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import PYTHON_SDK, Caller, JsonObject, Role, vendor
from comprova.sample.company import UNKNOWN_ACCOUNT, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.ids import fixed_hex, fixed_id
from comprova.sample.incidents.deed import Deed, Lookalike, refused
from comprova.sample.incidents.requirements import (
    EXPORTS,
    FEDERATION,
    MAIL,
    OUTSIDERS,
    SHARED_RESOURCES,
    SHARED_STORES,
    TRANSFER,
    VENDORS,
    WORKLOADS,
)
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call, assumed, resource
from comprova.sample.releases import pipeline_sign_in, workload_id
from comprova.sample.services import COLLECTOR
from comprova.sample.stores import bucket_call

_REGION = Region.SAO_PAULO
_FIRST_USES = "behaviour.first_uses"
_OWNER = fixed_hex("dono/ipe", 64)
_STRANGER = fixed_hex("dono/estranho", 64)
"""Canonical ids of users, by which S3 names accounts."""


def _assumption(session: str, moment: datetime) -> Call:
    request: JsonObject = {"roleArn": COLLECTOR.arn, "roleSessionName": session, "externalId": "ipe-3f9c"}
    role = resource("AWS::IAM::Role", COLLECTOR.arn, COLLECTOR.account)
    return Call("sts", "AssumeRole", Region.VIRGINIA, request, assumed(COLLECTOR, session, moment), (role,))


def unknown_account(scene: Scene) -> None:
    """An account of a supplier of the vendor assumes the role that was made for the vendor."""
    moment = scene.when(3, 11, 31)
    identity: JsonObject = {
        "type": "AWSAccount",
        "principalId": f"{fixed_id('AROA', 'fornecedor')}:suporte",
        "accountId": UNKNOWN_ACCOUNT,
    }
    stranger = Caller(identity, COLLECTOR.account, "192.0.2.140", PYTHON_SDK)
    scene.show(stranger, moment, _assumption("suporte", moment), finds=("external.unknown_accounts",))
    scene.rows.append(Row(_FIRST_USES, f"{COLLECTOR.account} {UNKNOWN_ACCOUNT} new_identity None"))
    reason = Text("The vendor itself.", "O próprio fornecedor.")
    later = moment + timedelta(minutes=26)
    scene.miss(reason, vendor(COLLECTOR.account), later, _assumption("coletor", later))


def unexpected_workload(scene: Scene) -> None:
    """A pull request gets the role of the deployment pipeline."""
    moment = scene.when(12, 16, 24)
    role = Role(Account.DEVELOPMENT, company.PIPELINE)
    unreviewed, reviewed = (f"repo:pagamentos-ipe/antifraude:{end}" for end in ("pull_request", "ref:refs/heads/main"))
    request = pipeline_sign_in(scene.chance, role, unreviewed, "GitHubActions-7730165248", moment)
    earlier = moment - timedelta(minutes=50)
    merged = pipeline_sign_in(scene.chance, role, reviewed, "GitHubActions-7730120914", earlier)
    scene.add(request, finds=("external.workload_federation",))
    scene.rows.append(Row(_FIRST_USES, f"{role.account} {workload_id(role.account, unreviewed)} new_identity None"))
    scene.pass_by(Text("A merged change.", "Uma mudança já integrada."), merged)


def _provider(name: str) -> Call:
    arn = f"arn:aws:iam::{Account.PRODUCTION}:saml-provider/ParceiroSuporte"
    request: JsonObject = {"name": "ParceiroSuporte", "sAMLMetadataDocument": "<EntityDescriptor/>"}
    return Call("iam", name, Region.VIRGINIA, request if name.startswith("Create") else None, {"sAMLProviderArn": arn})


def _trust(account: str) -> Call:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    request: JsonObject = {"roleName": "suporte-externo", "policyDocument": document}
    return Call("iam", "UpdateAssumeRolePolicy", Region.VIRGINIA, request)


def _grants(*grantees: str) -> Call:
    grants = [{"Grantee": {"xsi:type": "CanonicalUser", "ID": grantee}, "Permission": "READ"} for grantee in grantees]
    listed: JsonObject = {
        "acl": "",
        "AccessControlPolicy": {
            "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
            "Owner": {"ID": _OWNER},
            "AccessControlList": {"Grant": grants},
        },
    }
    return bucket_call("PutBucketAcl", company.REPORTS_BUCKET, listed)


def _share(account: str) -> Call:
    subnet = f"arn:aws:ec2:{_REGION}:{Account.PRODUCTION}:subnet/{company.DATABASE_SUBNET}"
    request: JsonObject = {
        "name": "rede-parceiros",
        "principals": [account],
        "resourceArns": [subnet],
        "allowExternalPrincipals": True,
    }
    share = f"arn:aws:ram:{_REGION}:{Account.PRODUCTION}:resource-share/{fixed_hex('rede', 32)}"
    answer: JsonObject = {"resourceShare": {"resourceShareArn": share, "name": "rede-parceiros", "status": "ACTIVE"}}
    return Call("ram", "CreateResourceShare", _REGION, request, answer)


def _copy(region: Region) -> Call:
    source = f"arn:aws:rds:{_REGION}:{Account.PRODUCTION}:snapshot:{company.DATABASE}-analise"
    request: JsonObject = {
        "sourceDBSnapshotIdentifier": source,
        "targetDBSnapshotIdentifier": f"{company.DATABASE}-{region}",
        "sourceRegion": _REGION,
    }
    answer: JsonObject = {"dBSnapshotIdentifier": f"{company.DATABASE}-{region}", "encrypted": True}
    return Call("rds", "CopyDBSnapshot", region, request, answer)


def _export(bucket: str) -> Call:
    snapshot = f"arn:aws:rds:{_REGION}:{Account.PRODUCTION}:snapshot:{company.DATABASE}-analise"
    request: JsonObject = {
        "exportTaskIdentifier": f"exportacao-{bucket}",
        "sourceArn": snapshot,
        "s3BucketName": bucket,
        "iamRoleArn": Role(Account.PRODUCTION, "rds-exportacao").arn,
        "kmsKeyId": company.key_arn("clientes"),
    }
    return Call("rds", "StartExportTask", _REGION, request, {"status": "STARTING"})


def _document(account: str) -> Call:
    request: JsonObject = {"name": "ipe-diagnostico", "permissionType": "Share", "accountIdsToAdd": [account]}
    return Call("ssm", "ModifyDocumentPermission", _REGION, request)


def _mail(name: str) -> Call:
    return Call("ses", "VerifyDomainIdentity", Region.VIRGINIA, {"domain": name}, {"verificationToken": "sample"})


UNKNOWN_ACCOUNT_CAME_IN = Script(
    "unknown-account-came-in",
    Text("An account that nobody knows assumed a role", "Uma conta desconhecida assumiu uma role"),
    Text(
        "The monitoring vendor had handed the role and its external id on to a supplier of its own.",
        "O fornecedor de monitoramento havia repassado a role e o external id a um fornecedor dele.",
    ),
    VENDORS,
    unknown_account,
)
PROVIDER_ADDED = Script(
    "identity-provider-added",
    Text("Another identity provider may sign people in", "Outro provedor de identidade pode autenticar pessoas"),
    Text(
        "ana.souza made a SAML provider of a support partner in production, beside Identity Center.",
        "ana.souza criou em produção um provedor SAML de um parceiro de suporte, ao lado do Identity Center.",
    ),
    FEDERATION,
    Deed(
        company.ANA,
        (17, 14, 27),
        (_provider("CreateSAMLProvider"),),
        ("external.federation_providers",),
        (
            Lookalike(
                Text("The providers were only listed.", "Os provedores apenas foram listados."),
                replace(_provider("ListSAMLProviders"), response=None),
            ),
        ),
    ),
)
UNEXPECTED_WORKLOAD = Script(
    "pull-request-deployed",
    Text("A pull request obtained the pipeline's role", "Um pull request obteve a role do pipeline"),
    Text(
        "A change that nobody had reviewed ran with the role by which releases come in, in development.",
        "Uma mudança que ninguém havia revisado rodou com a role pela qual chegam as entregas, em desenvolvimento.",
    ),
    WORKLOADS,
    unexpected_workload,
)
ROLE_TRUSTS_STRANGER = Script(
    "role-trusts-unknown-account",
    Text("A role trusts an unknown account", "Uma role confia em uma conta desconhecida"),
    Text(
        "bruno.lima let an account of neither the company nor a vendor assume a role in development.",
        "bruno.lima permitiu que uma conta alheia à empresa e a fornecedores assumisse uma role em desenvolvimento.",
    ),
    OUTSIDERS,
    Deed(
        company.BRUNO,
        (12, 10, 44),
        (_trust(UNKNOWN_ACCOUNT),),
        ("sharing.outside_principals",),
        (Lookalike(Text("The vendor's account.", "A conta do fornecedor."), _trust(company.VENDOR_ACCOUNT)),),
        Account.DEVELOPMENT,
    ),
)
BUCKET_LIST_WIDENED = Script(
    "bucket-acl-widened",
    Text("A bucket lets in another user", "Um bucket passou a admitir outro usuário"),
    Text(
        "ana.souza let a canonical user read the reports bucket, whose account the id does not tell.",
        "ana.souza deu leitura do bucket de relatórios a um usuário canônico, cujo id não revela a conta.",
    ),
    SHARED_STORES,
    Deed(
        company.ANA,
        (16, 10, 39),
        (_grants(_OWNER, _STRANGER),),
        ("sharing.bucket_grants",),
        (Lookalike(Text("Only the owner.", "Apenas o dono."), _grants(_OWNER)),),
    ),
)
NETWORK_SHARED = Script(
    "subnet-shared",
    Text("A subnet was shared with an unknown account", "Uma sub-rede foi compartilhada com uma conta desconhecida"),
    Text(
        "fabio.nunes shared the subnet of the databases by Resource Access Manager with a would-be partner.",
        "fabio.nunes compartilhou a sub-rede dos bancos pelo Resource Access Manager com um suposto parceiro.",
    ),
    SHARED_RESOURCES,
    Deed(
        company.FABIO,
        (15, 14, 16),
        (_share(UNKNOWN_ACCOUNT),),
        ("sharing.resource_shares",),
        (Lookalike(Text("The company's own account.", "Uma conta da própria empresa."), _share(Account.DEVELOPMENT)),),
    ),
)
COPY_ABROAD = Script(
    "snapshot-copied-to-ireland",
    Text("A database snapshot was copied to Ireland", "Um snapshot do banco foi copiado para a Irlanda"),
    Text(
        "fabio.nunes copied the payments database to a region where no data of the company may be.",
        "fabio.nunes copiou o banco de pagamentos para uma região onde não pode haver dados da empresa.",
    ),
    TRANSFER,
    Deed(
        company.FABIO,
        (5, 15, 49),
        (_copy(Region.IRELAND),),
        ("sharing.copies_and_replication", "places.unapproved_regions"),
        (
            Lookalike(
                Text("A copy in Ohio, which is approved.", "Uma cópia em Ohio, que é aprovada."), _copy(Region.OHIO)
            ),
        ),
    ),
)
EXPORT_ELSEWHERE = Script(
    "database-exported",
    Text("The payments database was exported", "O banco de pagamentos foi exportado"),
    Text(
        "fabio.nunes exported a snapshot into the reports bucket, whose reads nobody records.",
        "fabio.nunes exportou um snapshot para o bucket de relatórios, cujas leituras ninguém registra.",
    ),
    EXPORTS,
    Deed(
        company.FABIO,
        (14, 15, 18),
        (_export(company.REPORTS_BUCKET),),
        ("sharing.exports",),
        (
            Lookalike(
                Text("The bucket that was made for exports.", "O bucket criado para exportações."),
                _export(company.EXPORTS_BUCKET),
            ),
        ),
    ),
)
DOCUMENT_PUBLIC = Script(
    "document-public",
    Text("A run-book of Systems Manager is public", "Um documento do Systems Manager ficou público"),
    Text(
        "bruno.lima shared a run-book, with the addresses of the databases in it, with every account of AWS.",
        "bruno.lima compartilhou um documento, com os endereços dos bancos, com todas as contas da AWS.",
    ),
    OUTSIDERS,
    Deed(
        company.BRUNO,
        (17, 11, 8),
        (_document("all"),),
        ("sharing.other_resources_public",),
        (
            Lookalike(
                Text("The company's own account.", "Uma conta da própria empresa."), _document(Account.DEVELOPMENT)
            ),
        ),
    ),
)
MAIL_PREPARED = Script(
    "mail-domain-added",
    Text(
        "The account was prepared to send mail of a strange domain",
        "A conta foi preparada para enviar e-mails de um domínio estranho",
    ),
    Text(
        "bruno.lima verified a domain that looks like the company's own for sending mail.",
        "bruno.lima verificou para envio de e-mails um domínio parecido com o da empresa.",
    ),
    MAIL,
    Deed(
        company.BRUNO,
        (16, 10, 5),
        (_mail("pagamentos-ipe.example"),),
        ("sharing.mail_sending_setup",),
        (
            Lookalike(Text("The company's own domain.", "O domínio da própria empresa."), _mail(company.DOMAIN)),
            refused(
                company.CARLA,
                _mail("pagamentos-ipe.example"),
                "ses:VerifyDomainIdentity",
                f"arn:aws:ses:{Region.VIRGINIA}:{Account.PRODUCTION}:identity/pagamentos-ipe.example",
            ),
        ),
    ),
)
