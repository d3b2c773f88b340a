package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A problem of a grid task, as `coordinates` in the other columns of documents and queries says.
record GridPoint(int a, int b) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// @param extras the other columns, a JSON object
    /// @return null when it is not about a point
    static @Nullable GridPoint of(String extras) {
        try {
            JsonNode place = JSON.readTree(extras).path("coordinates");
            return place.path("a").isInt() && place.path("b").isInt()
                    ? new GridPoint(place.path("a").asInt(), place.path("b").asInt())
                    : null;
        } catch (IOException impossible) {
            throw new IllegalStateException("extras: " + impossible.getMessage(), impossible);
        }
    }

    /// Chebyshev's.
    int distance(GridPoint other) {
        return Math.max(Math.abs(a - other.a), Math.abs(b - other.b));
    }

    GridPoint mirrored() {
        return new GridPoint(b, a);
    }
}
