package io.asyncgateway.samples.chat;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the machine that a test needs. Without one it is skipped, except on a continuous integration server ({@code CI=true}). */
final class Tools {
    private Tools() {}

    static void require(String... tools) {
        require(List.of(), tools);
    }

    /** As above, where something else is already known to be missing. */
    static void require(List<String> alsoMissing, String... tools) {
        List<String> missing = new ArrayList<>(alsoMissing);
        for (String tool : tools) {
            if (!isInstalled(tool)) {
                missing.add(tool);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        String message = "not run, for want of " + String.join(", ", missing);
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        System.out.println(message);
        abort(message);
    }

    private static boolean isInstalled(String tool) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}
