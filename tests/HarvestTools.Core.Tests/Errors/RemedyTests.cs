namespace HarvestTools.Tests.Errors;

/// <summary>Sentences with actions in them, which a front end turns into its own commands.</summary>
public sealed class RemedyTests
{
    [Fact]
    public void Actions_are_spelled_and_set_off_where_they_have_several_words()
    {
        Remedy remedy = $"List {3} exports with {new RemedyAction.ListExports()}, or run {new RemedyAction.RepairArchive()}.";

        Assert.Equal("List 3 exports with Commands, or run 'Many words'.", remedy.Spell(new Commands()));
        Assert.Equal("List 3 exports with <ListExports>, or run <RepairArchive>.", remedy.ToString());
        Assert.Equal([new RemedyAction.ListExports(), new RemedyAction.RepairArchive()], remedy.Actions);
        Assert.Equal("Commands", remedy.CommandOf(new Commands()));
    }

    [Fact]
    public void A_setting_is_edited_by_hand()
    {
        Remedy remedy = $"{new RemedyAction.EditSetting("harvest.version", "\"v2\"")}, then run {new RemedyAction.RepairArchive()}.";

        Assert.Equal("Set harvest.version to \"v2\" in harvest.json, then run 'Many words'.", remedy.Spell(new Commands()));
        Assert.Null(remedy.CommandOf(new Commands()));
    }

    [Fact]
    public void Remedies_are_equal_by_their_parts()
    {
        Remedy one = $"Run {new RemedyAction.CheckSlice("v1")}.";
        Remedy same = $"Run {new RemedyAction.CheckSlice("v1")}.";
        Remedy other = $"Run {new RemedyAction.CheckSlice("v2")}.";

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.Equal("", Remedy.None.Spell(new Commands()));
        Assert.Null(Remedy.None.CommandOf(new Commands()));
    }

    private sealed class Commands : ICommandSpelling
    {
        public string Spell(RemedyAction action) => action is RemedyAction.RepairArchive ? "Many words" : "Commands";
    }
}
