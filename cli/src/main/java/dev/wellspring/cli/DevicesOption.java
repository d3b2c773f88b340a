package dev.wellspring.cli;

import picocli.CommandLine.Option;

/// Mixin: on how many devices.
final class DevicesOption {
    private static final String ALL = "all";

    @Option(
            names = "--devices",
            paramLabel = "N|all",
            defaultValue = "1",
            description =
                    "On how many NVIDIA GPUs, each with the whole model and a share of the documents, or all that "
                            + "CUDA_VISIBLE_DEVICES leaves. Default: ${DEFAULT-VALUE}.")
    private String asked = "1";

    /// How many to take.
    ///
    /// @param there how many there are
    /// @param backend what computes
    /// @throws BadInputException when there are fewer than asked for
    int count(int there, String backend) {
        if (asked.equals(ALL)) {
            return there;
        }
        int count = asked.matches("[1-9]\\d{0,3}") ? Integer.parseInt(asked) : 0;
        if (count == 0) {
            throw new BadInputException("--devices: expected a number of at least 1 or all, got " + asked);
        }
        if (count > there) {
            throw new BadInputException("--devices: expected at most " + there + ", which is what the backend "
                    + backend + " has here, got " + count);
        }
        return count;
    }
}
