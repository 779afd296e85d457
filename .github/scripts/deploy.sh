#!/usr/bin/env bash
# Brings an image onto a cluster by the chart, waits until all of it is ready, and asks it whether it works; what fails is taken
# back. Further arguments are helm's.
#
# IMAGE and DIGEST say which image, NAMESPACE where to, VALUES the chart's values as YAML, CLUSTER is a kubeconfig: a secret,
# which goes into a file that is gone afterwards. HELM is the helm to use, 4 or newer; absent: the one on the path.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${IMAGE:?}" "${DIGEST:?}" "${NAMESPACE:?}" "${VALUES:?}" "${CLUSTER:?}"

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' "$CLUSTER" >"$work/kubeconfig"
printf '%s\n' "$VALUES" >"$work/values.yaml"
export KUBECONFIG=$work/kubeconfig

helm=${HELM:-helm}
"$helm" upgrade gapin deploy/helm/gapin --install --namespace "$NAMESPACE" --values "$work/values.yaml" \
  --set-string "image.repository=$IMAGE" --set-string "image.digest=$DIGEST" --rollback-on-failure --wait --timeout 15m "$@"
"$helm" test gapin --namespace "$NAMESPACE" --timeout 5m
