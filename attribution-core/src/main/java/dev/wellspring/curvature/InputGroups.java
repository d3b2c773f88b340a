package dev.wellspring.curvature;

import dev.wellspring.model.LinearModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Modules that read the same input rows, such as gate and up projections, and so share A and Q_A.
final class InputGroups {
    private InputGroups() {}

    /// The modules by input group, both in the order given.
    ///
    /// @throws IllegalArgumentException when modules of one group disagree about the width of their input
    static Map<String, List<LinearModule>> of(List<LinearModule> modules) {
        Map<String, List<LinearModule>> groups = new LinkedHashMap<>();
        for (LinearModule module : modules) {
            List<LinearModule> group = groups.computeIfAbsent(module.inputGroup(), name -> new ArrayList<>());
            group.add(module);
            if (module.activationSize() != group.getFirst().activationSize()) {
                throw new IllegalArgumentException("modules: expected " + module.name() + " to read "
                        + group.getFirst().activationSize() + " inputs like "
                        + group.getFirst().name() + ", got " + module.activationSize());
            }
        }
        return groups;
    }
}
