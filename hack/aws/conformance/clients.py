"""boto3 clients of the simulator. The endpoint is http://127.0.0.1:port; names under .localhost are needed for S3 Control
and access point ARNs only, and are resolved here because not every system does."""

import socket

import boto3
from botocore.config import Config

_getaddrinfo = socket.getaddrinfo


def _resolve_localhost(host, *args, **kwargs):
    if isinstance(host, str) and host.endswith("localhost"):
        host = "127.0.0.1"
    return _getaddrinfo(host, *args, **kwargs)


socket.getaddrinfo = _resolve_localhost

REGION = "eu-west-1"


def client(service, endpoint, credentials, names=False, **config):
    """names=True: by http://localhost:port, so that clients may put labels in front of the host."""
    port = endpoint.rsplit(":", 1)[1]
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=f"http://localhost:{port}" if names else endpoint,
        aws_access_key_id=credentials["accessKeyId"],
        aws_secret_access_key=credentials["secretAccessKey"],
        aws_session_token=credentials.get("sessionToken"),
        config=Config(retries={"total_max_attempts": 1}, **config),
    )
