namespace HarvestTools.Workflows;

/// <summary>The errors of pins, the eval set's among them; each factory's name is the error's id.</summary>
internal static class PinErrors
{
    public static HarvestException EvalSetUnnamed() => new(
        nameof(EvalSetUnnamed),
        HarvestFault.Usage,
        "No eval set is named, neither here nor as eval_set in harvest.json.",
        $"Name its file or folder: {new RemedyAction.PinEvalSet()}.");

    public static HarvestException NoSliceToPin() => new(
        nameof(NoSliceToPin),
        HarvestFault.NotFound,
        "There is no slice to record the eval set in.",
        $"Make one with {new RemedyAction.NewSlice()}; it records the eval set by itself once harvest.json names it.");

    public static HarvestException ParameterNamesMeet(string first, string second, string variable) => new(
        nameof(ParameterNamesMeet),
        HarvestFault.InvalidData,
        $"The parameters '{first}' and '{second}' would both be {variable} in the environment.",
        "Rename one of the two where it is pinned from, or pin fewer keys of one file, and make the next slice.",
        second);
}
