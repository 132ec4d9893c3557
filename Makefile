.PHONY: up test doctor lock

up:
	python3 manage.py up

test:
	python3 manage.py test

doctor:
	python3 manage.py doctor

COMPILE = .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links

lock:
	$(COMPILE) requirements/installer.in -o requirements/installer.lock
	$(COMPILE) requirements/node.in -o requirements/node.lock
	$(COMPILE) requirements/runtime.in -o requirements/runtime.lock
	$(COMPILE) -c requirements/runtime.lock requirements/dev.in -o requirements/dev.lock
