"""What an auditor reads from raw records about machines, and about what runs on them with which rights."""

import ipaddress
import re

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Event, Row, Trail, gathered, in_order, like, seen_in
from end_to_end.plain.parameters import DEPLOYMENT_ROLES

_PRIVATE = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
_PIPELINE = {
    "codepipeline": (
        *("CreatePipeline", "UpdatePipeline", "DeletePipeline", "PutApprovalResult", "EnableStageTransition"),
        *("DisableStageTransition", "PutWebhook"),
    ),
    "codebuild": ("CreateProject", "UpdateProject", "DeleteProject"),
    "codedeploy": ("CreateDeployment", "CreateApplication", "CreateDeploymentGroup", "UpdateDeploymentGroup"),
    "cloudformation": (
        *("CreateStack", "UpdateStack", "DeleteStack", "ExecuteChangeSet", "CreateStackSet", "UpdateStackSet"),
        *("CreateStackInstances", "UpdateStackInstances", "DeleteStackInstances", "DeleteStackSet"),
    ),
}


@answers("compute.instance_credentials_elsewhere@1")
def instance_credentials_elsewhere(trail: Trail) -> list[Row]:
    """Sessions with the name of an instance that called from a public address."""
    away = (
        event
        for event in trail.events
        if event.facts["actor_kind"] == "role"
        and re.fullmatch(r"i-[0-9a-f]{8,17}", event.facts["person"] or "")
        and event.facts["source_ip"]
        and not event.facts["vpc_endpoint_id"]
        and not event.facts["service_initiated"]
        and not any(ipaddress.ip_address(event.facts["source_ip"]) in network for network in _PRIVATE)
    )
    names = "account_id actor person source_ip"
    shown = ("calls", "denied", "event_names", "user_agents", "first_time", "last_time", "first_event_id")
    return in_order((row | seen_in(calls, *shown) for row, calls in gathered(away, names)), names)


@answers("compute.risky_instance_settings@1")
def risky_instance_settings(trail: Trail) -> list[Row]:
    """Start-up scripts that were changed, and instances whose metadata asks for no token."""
    rows = []
    for event in trail.events:
        script = event.is_a("ec2", "ModifyInstanceAttribute") and "userData" in (
            event.record["requestParameters"] or {}
        )
        metadata = event.is_a("ec2", "ModifyInstanceMetadataOptions") and event.asked(
            "ModifyInstanceMetadataOptionsRequest.HttpTokens", "httpTokens"
        )
        if event.done and (script or metadata == "optional"):
            rows.append(
                event.row(
                    f"{WHEN} region event_name actor_kind actor person source_address log_file",
                    finding="start_script_changed" if script else "metadata_without_token",
                    resource_id=event.asked("instanceId", "ModifyInstanceMetadataOptionsRequest.InstanceId"),
                )
            )
    return in_order(rows, WHEN)


@answers("compute.pipeline_changes@1")
def pipeline_changes(trail: Trail) -> list[Row]:
    """Changes of pipelines and stacks by others than the deployment roles."""
    rows = [
        event.row(
            f"{WHEN} region event_source event_name actor_kind actor person mfa source_address log_file",
            resource_id=event.asked("stackName", "pipelineName", "name", "applicationName"),
        )
        for event in trail.events
        if event.done and _is_of_pipeline(event) and not like(event.facts["actor"], DEPLOYMENT_ROLES)
    ]
    return in_order(rows, WHEN)


def _is_of_pipeline(event: Event) -> bool:
    return any(event.is_a(service, *names) for service, names in _PIPELINE.items())
