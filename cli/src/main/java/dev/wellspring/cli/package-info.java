/// The commands. [dev.wellspring.cli.Wellspring] is where a process begins; each verb is one class; what verbs
/// share are mixins ([dev.wellspring.cli.ModelOption], [dev.wellspring.cli.ComputeOptions],
/// [dev.wellspring.cli.RunOptions]).
@NullMarked
package dev.wellspring.cli;

import org.jspecify.annotations.NullMarked;
