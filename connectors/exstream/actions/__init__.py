"""What a step can do with Exstream, one file each."""
