using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class SameModelTests
{
    [Theory]
    [InlineData("hand-v1@hand in p hand-v2@hand in p hand-v1@hand in q", "hand in p and hand in q are tested apart; if they are one model, say so in harvest.json: \"lines\": { \"hand\": [\"hand-v*\"] } in retrain.regression.")]
    [InlineData("v1@p v2@q", "p and q are tested apart; if they are one model, say so in harvest.json: \"lines\": { \"model\": [\"v*\"] } in retrain.regression.")]
    [InlineData("v1@p v1@q vit-1@vit", "p and q are tested apart; if they are one model, say so in harvest.json: \"lines\": { \"model\": [\"v1\"] } in retrain.regression.")]
    [InlineData("2026-01-05@p 2026-02-05@q", "p and q are tested apart; if they are one model, say so in harvest.json: \"lines\": { \"model\": [\"2026-*\"] } in retrain.regression.")]
    [InlineData("hand-v1@hand act-v1@act", null)]
    [InlineData("v1@ v2@", null)]
    [InlineData("v1@left v2@right", null, "left", "right")]
    public void Lines_of_one_stem_in_several_projects_have_the_setting_that_joins_them(string versions, string? sentence, params string[] set)
    {
        var settings = new CorrectionTrendSettings { Lines = set.ToDictionary(static line => line, static line => (IReadOnlyList<string>)[line]) };
        VersionCorrections[] given = [.. System.Text.RegularExpressions.Regex.Split(versions, " (?=[^ ]+@)").Select(static version => version.Split('@'))
            .Select(static version => new VersionCorrections(version[0], null, []) { Line = version[1].Length == 0 ? null : version[1] })];

        Assert.Equal(sentence is null ? [] : [sentence], SameModel.Suggest(given, [Trend(given[0].Line, CorrectionTrendStatus.NotEnoughEpisodes)], settings));

        // Where each could be judged by itself, nothing is to be gained.
        Assert.Empty(SameModel.Suggest(given, [.. given.Select(static version => Trend(version.Line, CorrectionTrendStatus.NoRegression))], settings));
    }

    private static CorrectionTrend Trend(string? line, string status) => new() { Status = status, Explanation = string.Empty, Line = line };
}
