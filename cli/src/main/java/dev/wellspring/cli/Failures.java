package dev.wellspring.cli;

import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The one place that turns an exception into a line for people and an exit status.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    /// What the user can put right: status 2. Their messages name file, line or field, what was expected, what was
    /// found, and what to do.
    private static final List<Class<? extends Exception>> BAD_INPUT = List.of(
            BadInputException.class,
            CheckpointException.class,
            CorpusException.class,
            RunRefusedException.class,
            StoreFileException.class,
            AccessDeniedException.class,
            FileAlreadyExistsException.class,
            NoSuchFileException.class,
            NotDirectoryException.class);

    private final Wellspring wellspring;

    Failures(Wellspring wellspring) {
        this.wellspring = wellspring;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        List<String> similar = failure instanceof UnmatchedArgumentException unmatched ? guesses(unmatched) : List.of();
        String hint = similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
        say(command, oneLine(failure.getMessage()) + hint + " (" + name(command) + " --help tells more)");
        showTrace(failure);
        return ExitStatus.BAD_INPUT;
    }

    /// picocli finds many words alike; those that begin alike are better guesses.
    private static List<String> guesses(UnmatchedArgumentException unmatched) {
        String typed = unmatched.getUnmatched().getFirst();
        List<String> similar = unmatched.getSuggestions();
        int beginning = Math.min(typed.length(), typed.startsWith("--") ? 3 : 1);
        List<String> begun = similar.stream()
                .filter(guess -> guess.startsWith(typed.substring(0, beginning)))
                .toList();
        return (begun.isEmpty() ? similar : begun).stream().limit(3).toList();
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        return switch (withoutWrapping(failure)) {
            case ParameterException parameter -> handleParseException(parameter, new String[0]);
            case CancelledException cancelled -> stop(command, cancelled);
            case Exception input when isBadInput(input) -> reject(command, input);
            case Exception other -> fail(command, other);
        };
    }

    /// Not an [Exception], but something the user can put right.
    int handleOutOfMemory(OutOfMemoryError failure, CommandLine command) {
        say(
                command,
                "out of memory (" + oneLine(failure.getMessage()) + "): lower --memory, or raise the Java heap with "
                        + "WELLSPRING_JAVA_OPTIONS=-Xmx8g");
        showTrace(failure);
        return ExitStatus.FAILED;
    }

    private int stop(CommandLine command, CancelledException cancelled) {
        say(command, cancelled.getMessage() + "; the same command continues it");
        return ExitStatus.FAILED;
    }

    private int reject(CommandLine command, Exception failure) {
        say(command, describe(failure));
        showTrace(failure);
        return ExitStatus.BAD_INPUT;
    }

    private int fail(CommandLine command, Exception failure) {
        say(command, describe(failure) + writeTrace(failure));
        showTrace(failure);
        return ExitStatus.FAILED;
    }

    private void say(CommandLine command, String message) {
        wellspring.terminal().err().println(name(command) + ": " + message);
    }

    private void showTrace(Throwable failure) {
        if (wellspring.isVerbose()) {
            failure.printStackTrace(wellspring.terminal().err());
        }
    }

    /// Keeps the trace of a failure that nobody foresaw, and says where.
    private String writeTrace(Exception failure) {
        try {
            Path log = Files.createTempFile("wellspring-", ".log");
            try (var writer = new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8))) {
                writer.println(wellspring.commandText());
                writer.println("Wellspring " + Version.text() + ", Java " + Runtime.version());
                failure.printStackTrace(writer);
            }
            return " (details: " + log + ")";
        } catch (IOException e) {
            return " (--verbose shows details)";
        }
    }

    private static boolean isBadInput(Exception failure) {
        return BAD_INPUT.stream().anyMatch(kind -> kind.isInstance(failure));
    }

    private static Exception withoutWrapping(Exception failure) {
        boolean addsNothing = failure instanceof UncheckedIOException unchecked
                && String.valueOf(unchecked.getCause()).equals(unchecked.getMessage());
        return addsNothing && failure.getCause() instanceof IOException cause ? cause : failure;
    }

    private static String describe(Exception failure) {
        return switch (failure) {
            case NoSuchFileException file -> file.getFile() + ": no such file or folder";
            case AccessDeniedException file -> file.getFile() + ": permission denied";
            case FileAlreadyExistsException file -> file.getFile() + ": exists already";
            case NotDirectoryException file -> file.getFile() + ": expected a folder, found a file";
            case FileSystemException file -> oneLine(file.getMessage());
            case Exception other
            when other.getMessage() == null -> other.getClass().getSimpleName();
            case Exception other -> oneLine(other.getMessage());
        };
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
