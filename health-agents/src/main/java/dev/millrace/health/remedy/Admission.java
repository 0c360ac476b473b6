package dev.millrace.health.remedy;

import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.HealthEvents;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationOutcome;
import org.apache.avro.specific.SpecificRecord;

/** What an event must be like to be taken into a state: anybody may write to its topics. */
final class Admission {

  private Admission() {}

  /**
   * Lets an event in; diagnoses are judged by {@link Consultation}.
   *
   * @throws InvalidEventException that names the field that is wrong
   */
  static void require(SpecificRecord event) {
    switch (event) {
      case HealthAnomaly anomaly -> HealthEvents.require(anomaly);
      case RemediationApproval approval -> approval(approval);
      case RemediationOutcome outcome -> outcome(outcome);
      default -> {}
    }
  }

  private static void approval(RemediationApproval approval) {
    EventFields.requireName("approval_id", approval.getApprovalId());
    EventFields.requireName("decided_by", approval.getDecidedBy());
    EventFields.requireShort("action", approval.getAction());
  }

  private static void outcome(RemediationOutcome outcome) {
    EventFields.requireName("command_id", outcome.getCommandId());
    EventFields.requireName("action", outcome.getAction());
  }
}
