"""OpenText Exstream, cloud-native edition: templates, roles, approvals and production runs."""
