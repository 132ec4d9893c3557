"""What Exstream can tell a workflow."""
