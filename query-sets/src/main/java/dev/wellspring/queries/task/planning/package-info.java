/// Planning as in Valmeekam et al. (2206.10498): Blocksworld and Logistics, tasks t1 to t8, told in several skins.
///
/// Read in this order: [dev.wellspring.queries.task.planning.Domain] and its facts, states and actions;
/// [dev.wellspring.queries.task.planning.StateGraph] for shortest plans;
/// [dev.wellspring.queries.task.planning.PlanVerdict] for what a plan does;
/// [dev.wellspring.queries.task.planning.Skin] for the words; then the questions and their grader.
@NullMarked
package dev.wellspring.queries.task.planning;

import org.jspecify.annotations.NullMarked;
