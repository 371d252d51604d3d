namespace HarvestTools.Errors;

/// <summary>How a front end writes an action as a command that can be run as it is printed.</summary>
public interface ICommandSpelling
{
    /// <summary>
    /// The command with its arguments, each quoted where the front end's shell needs it; placeholders such as <c>FILE</c>
    /// are for what only the user knows. Never asked of <see cref="RemedyAction.EditSetting"/>, which is no command.
    /// </summary>
    string Spell(RemedyAction action);
}
