package dev.wellspring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version, which the build writes into a resource.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"wellspring " + text() + " (Java " + Runtime.version() + ")"};
    }

    /// Such as `0.1.0`.
    static String text() {
        var properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
            if (resource == null) {
                throw new IllegalStateException("version.properties: expected beside " + Version.class.getName());
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
