.PHONY: up test doctor lock pictures chaos chaos-story

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

# Take the pictures of the documentation anew.
pictures:
	LOCKGATE_RENEW_PICTURES=1 python3 manage.py test tests/browser/test_pictures_of_the_docs.py

# Kill the processes of a hub under load, and account for every call: make chaos MINUTES=60
chaos:
	.venv/bin/python -m tests.chaos.story --minutes $(or $(MINUTES),2) $(if $(SEED),--seed $(SEED)) $(if $(PAUSE),--pause $(PAUSE))

# The main job, round after round, while processes are killed at random: make chaos-story MINUTES=30 SEED=1
chaos-story:
	.venv/bin/python -m tests.chaos.rounds --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))
