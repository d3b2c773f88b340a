package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.Progress;
import java.util.Map;

/// What a finished run found that its user must know.
final class Findings {
    private Findings() {}

    static void note(Manifest manifest, Progress progress) {
        if (manifest.results().get("skipped_documents") instanceof Map<?, ?> skipped) {
            skipped.forEach((reason, count) -> progress.note("skipped: " + documents(count) + ", " + reason));
        }
    }

    private static String documents(Object count) {
        return count + (count.toString().equals("1") ? " document" : " documents");
    }
}
