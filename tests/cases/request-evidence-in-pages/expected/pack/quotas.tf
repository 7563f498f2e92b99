# The increases of this pack as Terraform resources; the provider's Region must be ca-central-1.
#
# Beware of drift. The provider (hashicorp/aws, issues 19657, 27797 and 44591 of its repository, 2021 to 2025):
# - sends a request on `apply` even where the applied value is already at or above the one here;
# - fails while a request for the quota is open, since AWS takes one at a time;
# - shows a difference until AWS has granted the value, and sends it again on each `apply` until then.
# AWS grants such increases by hand. Use either this file or submit.sh, apply once, and after AWS has decided set
# `value` to what was granted. Removing a resource lowers nothing.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

# Claude Haiku 4.5 us tpm of account production: 51,000,000 tokens a minute
resource "aws_servicequotas_service_quota" "claude_haiku_4_5_us_tpm" {
  service_code = "bedrock"
  quota_code   = "L-58BE175A"
  value        = 51000000
}

# Cohere Embed v4 global tpm of account production: 390,000 tokens a minute
resource "aws_servicequotas_service_quota" "cohere_embed_v4_global_tpm" {
  service_code = "bedrock"
  quota_code   = "L-02DFBB76"
  value        = 390000
}
