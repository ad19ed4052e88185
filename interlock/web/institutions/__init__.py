"""The register: public bodies, worker co-ops and all others, each looked after by its own people."""
