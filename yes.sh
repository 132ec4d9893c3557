PLAN=$(api $HUB/api/v1/inbox | python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["id"])')
api $HUB/api/v1/plans/$PLAN/changes |
  python3 -c 'import json,sys; [print(c["operation"], c["title"], c["cause"]) for c in json.load(sys.stdin)["items"]]'
DIGEST=$(api $HUB/api/v1/plans/$PLAN | python3 -c 'import json,sys; print(json.load(sys.stdin)["digest"])')
api -d "{\"approve\": true, \"digest\": \"$DIGEST\"}" $HUB/api/v1/plans/$PLAN/decide |
  python3 -c 'import json,sys; print(json.load(sys.stdin)["state"])'
