package io.asyncgateway.samples.legacy;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** Tests that need something of the machine are skipped without it, but fail on a continuous integration server ({@code CI=true}). */
final class MissingTools {
    private MissingTools() {}

    static void skipUnless(boolean there, String what) {
        if (there) {
            return;
        }
        String message = "not run, for want of " + what;
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        System.out.println(message);
        abort(message);
    }
}
