"""What several actions ask for and answer."""

from __future__ import annotations

from pydantic import Field

from hub.sdk import Fields, OpenFields, field


class InDomain(Fields):
    domain: str = field("Domain", choices="domains", part=True)


class OneResource(InDomain):
    resource: str = field("Resource", choices="resources", depends_on=["domain"])


class OneJob(InDomain):
    job: str = field("Job")


class OneInstance(InDomain):
    instance: str = field("Flow instance")


class OneStep(InDomain):
    step: str = field("Flow step")


class OneFlowModel(InDomain):
    model: str = field("Flow model", choices="flow_models", depends_on=["domain"])


class Assignment(InDomain):
    group: str = field("OTDS group", placeholder="group@partition")
    role: str = field("Role", choices="roles")


class Done(Fields):
    """The service did it, or it was so already."""

    changed: bool = True


class ResourceFields(OpenFields):
    """A resource; whatever else Exstream says about it is kept."""

    id: str
    version: int
    name: str
    type: str
    state: str
    state_comment: str | None = Field(default=None, alias="stateComment")
    locked_by: str | None = Field(default=None, alias="lockedBy")
    last_modified_by: str | None = Field(default=None, alias="lastModifiedBy")


class JobFields(OpenFields):
    """A job; whatever else Exstream says about it is kept."""

    id: str
    status: str
    channel: str | None = None
    triggered_by: str | None = Field(default=None, alias="triggeredBy")
    external_id: str | None = Field(default=None, alias="externalId")


class InstanceFields(OpenFields):
    """A flow instance; whatever else Exstream says about it is kept."""

    id: str
    job_id: str = Field(alias="jobId")
    status: str
