using HarvestTools.Drift;

namespace HarvestTools.Tests.Drift;

/// <summary>The words of findings about eval sets and media, and what each asks for.</summary>
public sealed class LeakFindingTests
{
    private static readonly HarvestException s_fault = new("Odd", HarvestFault.InvalidData, "It is odd.", $"Look at it, then {new RemedyAction.ListExports()}.");

    [Fact]
    public void What_an_eval_set_shares_with_the_slice_is_an_error_where_it_is_its_own()
    {
        Says(
            LeakFindings.Leaks("v3", "eval.json", ["v3"], own: true, "2 episodes"),
            """
            Error EvalLeak of Data: eval.json (none → none)
            Slice v3 has what its eval set eval.json has: 2 episodes. Figures measured on it flatter the models of the line.
            Take it out of the eval set and record that with PinEvalSet(Path=eval.json), or make the next slice without it.
            """);

        Says(
            LeakFindings.Leaks("v3", "eval.json", ["v1", "v2"], own: false, "2 episodes"),
            """
            Warning EvalLeak of Data: eval.json (none → none)
            Slice v3 has what the eval set of v1 and v2 eval.json has: 2 episodes. Figures measured on it flatter the models of the line.
            Take it out of the eval set and record that with PinEvalSet(Path=eval.json), or make the next slice without it.
            """);

        Says(
            LeakFindings.Neighbours("v3", "eval.json", ["e@1 is near e@2"]),
            """
            Warning EvalLeak of Data: eval.json (none → none)
            Slice v3 has 1 image near one of the eval set eval.json, in the same video: e@1 is near e@2.
            Take whole videos into one set or the other; give eval_frames_apart in harvest.json fewer frames where that is far enough apart, and 0 to look for none.
            """);

        Says(
            LeakFindings.EvalSetNotKnown("v3", "eval.json", ["v1", "v2"], "It is gone."),
            """
            Warning EvalLeak of Data: eval.json (none → none)
            Whether slice v3 has what the eval set eval.json (of v1 and v2) has is not known. It is gone.
            Put the eval set back; where another one took its place, record that with PinEvalSet().
            """);

        Says(
            LeakFindings.RowsNotKnown("v3", []),
            """
            Note EvalLeak of Data: media (none → none)
            Whether slice v3 shares media with an eval set of its line is not known: its rows are not in the cache, and it lists no media. Its episodes were compared.
            BuildSlice(Version=v3) derives them into the cache; then check again.
            """);

        Says(
            LeakFindings.RowsNotKnown("v3", ["a"]),
            """
            Note EvalLeak of Data: a (none → none)
            Whether slice v3 shares episodes or media with an eval set of its line is not known of a: its rows are not in the cache.
            BuildSlice(Version=v3) derives them into the cache; then check again.
            """);

        Says(
            LeakFindings.RowsNotKnown("v3", ["a", "b"]),
            """
            Note EvalLeak of Data: a, b (none → none)
            Whether slice v3 shares episodes or media with an eval set of its line is not known of a and b: their rows are not in the cache.
            BuildSlice(Version=v3) derives them into the cache; then check again.
            """);

        Says(
            LeakFindings.ColumnsLacking("v3", ["episode", "image"]),
            """
            Note EvalLeak of Data: episode, image (none → none)
            Whether slice v3 shares something with an eval set of its line is not known as far as it is about what no table has a column of: 'episode' or 'image'.
            Where a column has another name, write "columns": { "episode": "NAME" } into the definition in harvest.json, which needs no new version.
            """);
    }

    [Fact]
    public void Media_that_are_gone_or_changed_are_named()
    {
        Says(
            MediaFindings.Changed("v3", "a\n.jpg", "/media/a.jpg", Hash('a'), Hash('b'), ["e1"]),
            """
            Error MediaChanged of Data: a
            .jpg (aaaa → bbbb)
            The medium a .jpg (/media/a.jpg) of episode e1 is no longer the one that slice v3 lists (aaaaaaaaaaaa, now bbbbbbbbbbbb).
            Put the file back, or move it away and bring the listed one with PullSlices(Version=v3,Media=True); if the new one is meant, make the next slice with NewSlice(Parent=v3,Media=True).
            """);

        Says(
            MediaFindings.Changed("v3", "a.jpg", "/media/a.jpg", Hash('a'), Hash('b'), ["e1", "e2", "e3", "e4", "e5", "e6"]),
            """
            Error MediaChanged of Data: a.jpg (aaaa → bbbb)
            The medium a.jpg (/media/a.jpg) of episodes e1, e2, e3 and 3 more is no longer the one that slice v3 lists (aaaaaaaaaaaa, now bbbbbbbbbbbb).
            Put the file back, or move it away and bring the listed one with PullSlices(Version=v3,Media=True); if the new one is meant, make the next slice with NewSlice(Parent=v3,Media=True).
            """);

        Says(
            MediaFindings.Missing("v3", ["a.jpg"], "is not there", "/media/a.jpg", 1, null),
            """
            Error MediaMissing of Store: a.jpg (none → none)
            1 of the 1 medium that slice v3 lists is not on this machine: a.jpg. It is not there (/media/a.jpg).
            Put the files back, bring them with PullSlices(Version=v3,Media=True), or correct "media" in harvest.json or harvest.local.json.
            """);

        Says(
            MediaFindings.Missing("v3", ["a.jpg", "b.jpg"], "is under no root", null, 1200, "s3://bucket"),
            """
            Note MediaMissing of Store: 2 of 1,200 media (none → none)
            2 of the 1,200 media that slice v3 lists are not on this machine: a.jpg and b.jpg. The first is under no root. The remote s3://bucket has them.
            Bring them with PullSlices(Version=v3,Media=True) where they are needed.
            """);

        Says(
            MediaFindings.Missing("v3", ["a.jpg"], "is under no root", null, 1200, "s3://bucket"),
            """
            Note MediaMissing of Store: a.jpg (none → none)
            1 of the 1,200 media that slice v3 lists is not on this machine: a.jpg. It is under no root. The remote s3://bucket has it.
            Bring them with PullSlices(Version=v3,Media=True) where they are needed.
            """);

        Says(
            MediaFindings.ListUnreadable("v3", s_fault),
            """
            Error MediaMissing of Store: media of v3 (none → none)
            It is odd.
            Look at it, then ListExports().
            """);

        Says(
            MediaFindings.NotListed("v3"),
            """
            Note MediaMissing of Store: media of v3 (none → none)
            Slice v3 lists no media, so nothing of them can be checked.
            Make its successor with NewSlice(Parent=v3,Media=True), if media should be part of the data set.
            """);
    }

    private static void Says(DriftFinding finding, string expected) => Assert.Equal(expected.ReplaceLineEndings("\n"), FindingText.Of(finding));

    private static string Hash(char digit) => new(digit, 64);
}
