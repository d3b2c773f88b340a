/// Planning as in Valmeekam et al. (2206.10498): Blocksworld and Logistics, tasks t1 to t8, told in several skins.
///
/// Read in this order: [dev.wellspring.queries.task.planning.Domain] and its facts, states and actions;
/// [dev.wellspring.queries.task.planning.StateGraph] for shortest plans, and
/// [dev.wellspring.queries.task.planning.Delivery] where there are too many states to walk through;
/// [dev.wellspring.queries.task.planning.PlanVerdict] for what a plan does;
/// [dev.wellspring.queries.task.planning.Skin] for the words and
/// [dev.wellspring.queries.task.planning.PlanningText] for the sentences; then the questions and their grader.
@NullMarked
package dev.wellspring.queries.task.planning;

import org.jspecify.annotations.NullMarked;
