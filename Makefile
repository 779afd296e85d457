.PHONY: services
services:
	@scripts/install-services.sh
