package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.analysis.GridPoint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Problems of grid tasks, as `coordinates` in the other columns of documents and queries says.
final class GridPoints {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GridPoints() {}

    /// @param extras the other columns, a JSON object
    /// @return null when it is not about a point
    static @Nullable GridPoint of(String extras) {
        try {
            return of(JSON.readTree(extras));
        } catch (IOException impossible) {
            throw new IllegalStateException("extras: " + impossible.getMessage(), impossible);
        }
    }

    /// @return null when it is not about a point
    static @Nullable GridPoint of(JsonNode extras) {
        JsonNode place = extras.path("coordinates");
        return place.path("a").isInt() && place.path("b").isInt()
                ? new GridPoint(place.path("a").asInt(), place.path("b").asInt())
                : null;
    }

    /// Whether the operands of a task may change places.
    static boolean commute(String family) {
        return family.contains("addition");
    }
}
