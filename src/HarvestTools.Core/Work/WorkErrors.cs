namespace HarvestTools.Work;

/// <summary>The errors of what every workflow takes; each factory's name is the error's id.</summary>
internal static class WorkErrors
{
    public static HarvestException SourceDateInvalid(string value) => new(
        nameof(SourceDateInvalid),
        HarvestFault.Usage,
        $"The environment variable {RecordingClock.Variable} is \"{value}\", which is not a number of seconds since 1970.",
        "Set it to whole seconds, such as the time of the last commit, or unset it.",
        value);
}
