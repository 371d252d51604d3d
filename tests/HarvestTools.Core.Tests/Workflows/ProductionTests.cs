using HarvestTools.Decisions.States;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What is in production moves by the one command alone, and who moved it when and why stays on record.</summary>
public sealed class ProductionTests : DriftFixture
{
    private static readonly string s_hash = new('a', 64);
    private static readonly string s_other = new('b', 64);

    private string FilePath => Path.Combine(Temporary.Repository.Root, "production.jsonl");

    [Fact]
    public void Who_when_and_why_are_kept_and_the_lines_before_stay()
    {
        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Temporary.New("v2");
        Register("v2", "hand", "2026-06-01T00:00:00Z", s_other);

        Promotion first = Promote("hand", "v1", "the first one");
        byte[] before = File.ReadAllBytes(FilePath);
        Promotion second = Promote("hand", "v2", "better\non every camera");

        Assert.Equal((true, null), (first.Moved, first.Before));
        Assert.Equal((true, "v1"), (second.Moved, second.Before!.Version));
        Assert.Equal(before, File.ReadAllBytes(FilePath)[..before.Length]);
        IReadOnlyList<ProductionModel> all = PromoteModel.List(Temporary.Repository, Temporary.Context);
        Assert.Equal([("v2", "Current"), ("v1", "Former")], all.Select(static model => (model.Version, model.State)));
        Assert.Equal(("hand", s_other, "better on every camera"), (all[0].Name, all[0].Sha256, all[0].Reason));
        Assert.NotEmpty(all[0].By);
        Assert.Equal(Temporary.Context.Clock.GetUtcNow(), all[0].At, TimeSpan.FromMinutes(1));
        Assert.False(Promote("hand", "v2", "once more").Moved);
        Assert.Equal(2, File.ReadAllLines(FilePath).Length);
    }

    [Fact]
    public void Who_is_the_person_that_git_has()
    {
        if (GitProgram.Find(Environment.GetEnvironmentVariable("PATH")) is null)
        {
            Assert.Skip("git is not installed.");
        }

        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Temporary.WriteText(".git/HEAD", "ref: refs/heads/main\n");
        Temporary.WriteText(".git/objects/info/none", "");
        Temporary.WriteText(".git/refs/heads/none", "");
        Temporary.WriteText(".git/config", "[core]\n\trepositoryformatversion = 0\n[user]\n\tname = Ada\n\temail = ada@example.org\n");

        Assert.Equal("Ada <ada@example.org>", Promote("hand", null, "the first one").Now.By);
    }

    [Fact]
    public void What_is_asked_for_has_to_be_one_registered_model_and_have_a_reason()
    {
        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Temporary.New("v2");
        Assert.Equal("PromotionReasonMissing", Fault(() => Promote("hand", null, " ")));
        Assert.Equal("ModelNotRegistered", Fault(() => Promote("eye", null, "why")));
        Assert.Equal("ModelNotOfSlice", Fault(() => Promote("hand", "v2", "why")));
        Assert.Equal("SliceNotFound", Fault(() => Promote("hand", "v9", "why")));
        Register("v2", "hand", "2026-06-01T00:00:00Z", s_other);
        Assert.Equal("ModelInSeveralSlices", Fault(() => Promote("hand", null, "why")));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Registering_moves_nothing_and_says_what_it_replaced()
    {
        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Promote("hand", null, "the first one");
        byte[] before = File.ReadAllBytes(FilePath);

        Assert.Equal("ModelRegistered", Fault(() => Register("v1", "hand", null, s_other)));
        RegisteredModel forced = RegisterModel.Run(
            Temporary.Repository, new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt", Sha256 = s_other, Force = true }, Temporary.Context);

        Assert.Contains("is in production", RegisteredModelText.ProductionReplaced(forced), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal("Replaced", PromoteModel.List(Temporary.Repository, Temporary.Context).Single().State);
        Assert.Equal("Replaced", Assert.Single(ListModels.Run(Temporary.Repository, "production", [], false, Temporary.Context)).Production);
        Assert.True(Promote("hand", null, "the new file is meant").Moved);
        Assert.Equal("Current", Assert.Single(ListModels.Run(Temporary.Repository, null, [], false, Temporary.Context)).Production);
    }

    [Fact]
    public void The_name_means_what_is_in_production_and_no_model()
    {
        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Temporary.New("v2");
        Assert.Equal("ModelNameReserved", Fault(() => Register("v1", "production", null, s_other)));
        Assert.Equal("ModelUnknown", Fault(() => _ = Sources()));
        Promote("hand", null, "the first one");

        Assert.Equal(["v1"], Sources());
        Assert.Contains("its model 'hand' is in production", Assert.Throws<HarvestException>(() => RemoveSlice.Plan(Temporary.Repository, "v1", ["v2"], Temporary.Context)).Message, StringComparison.Ordinal);

        Directory.Delete(Path.GetDirectoryName(Temporary.Repository.Slices.PathOf("v1"))!, recursive: true);
        Assert.Equal("ProductionNotHere", Fault(() => _ = Sources()));
        Assert.Equal("Missing", PromoteModel.List(Temporary.Repository, Temporary.Context).Single().State);
    }

    [Fact]
    public void The_decision_goes_by_it_before_the_setting_and_says_where_they_differ()
    {
        Register("v1", "hand", "2026-05-01T00:00:00Z", s_hash);
        Temporary.New("v2");
        Register("v2", "eye", "2026-06-01T00:00:00Z", s_other);
        Assert.Equal("v2", State().TrainedSlice);

        Promote("hand", null, "eye is an experiment");
        Assert.Equal("v1", State().TrainedSlice);
        Assert.DoesNotContain(State().CandidateWarnings, static text => text.Contains("production", StringComparison.Ordinal));

        Temporary.WriteText("harvest.json", File.ReadAllText(Temporary.Repository.SettingsPath).Replace("\"production\": null", "\"production\": \"eye\"", StringComparison.Ordinal));
        RetrainState both = RetrainStateReader.Run(Reopened(), Temporary.Context);
        Assert.Equal("v1", both.TrainedSlice);
        Assert.Contains(both.CandidateWarnings, static text => text.Contains("has hand of v1 in production, and retrain.production in harvest.json names eye", StringComparison.Ordinal));

        // A decision of the past goes by what was in production then.
        Assert.Null(ProductionUse.Present(Reopened(), Temporary.Context.Clock.GetUtcNow() - TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("{\"at\":\"2026-05-01T00:00:00Z\",\"by\":\"a\",\"model\":\"hand\",\"reason\":\"r\",\"slice\":\"v1\"}\n\n{\"at\":", "JsonSyntax", "line 3")]
    [InlineData("\n{\"by\":\"a\",\"model\":\"hand\",\"reason\":\"r\",\"slice\":\"v1\"}\n", "FieldMissing", "line 2")]
    [InlineData("{\"at\":\"2026-05-01T00:00:00Z\",\"by\":\"a\",\"model\":\"hand\",\"reason\":\"\",\"slice\":\"v1\"}\n", "FieldInvalid", "line 1")]
    [InlineData("{\"at\":\"2026-05-01T00:00:00Z\",\"by\":\"a\",\"model\":\"hand\",\"sha256\":\"abc\",\"reason\":\"r\",\"slice\":\"v1\"}\n", "HashInvalid", "line 1")]
    [InlineData("<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", "ProductionConflict", "line 1")]
    public void A_damaged_line_is_named(string text, string id, string place)
    {
        Temporary.WriteText("production.jsonl", text);

        HarvestException fault = Assert.Throws<HarvestException>(() => PromoteModel.List(Temporary.Repository, Temporary.Context));

        Assert.Equal((id, HarvestFault.InvalidData), (fault.ErrorId, fault.Fault));
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
        Assert.Contains("production.jsonl", fault.Message, StringComparison.Ordinal);
        Register("v1", "eye", null, s_hash, expectFault: true);
    }

    private static string Fault(Action act) => Assert.Throws<HarvestException>(act).ErrorId;

    private Promotion Promote(string name, string? version, string reason) => PromoteModel.Run(Temporary.Repository, name, version, reason, Temporary.Context);

    private string[] Sources() => [.. TraceSource.OfModel(Temporary.Repository, "production", Temporary.Context).Select(static source => source.Version).Distinct()];

    private RetrainState State() => RetrainStateReader.Run(Temporary.Repository, Temporary.Context);

    private Repositories.Repository Reopened() => Repositories.Repository.Find(Temporary.Repository.Root);

    private void Register(string version, string name, string? trained, string sha256, bool expectFault = false)
    {
        ModelRegistration model = new(version, name)
        {
            Path = $"s3://models/{name}.pt",
            Sha256 = sha256,
            TrainedAt = trained is null ? null : DateTimeOffset.Parse(trained, System.Globalization.CultureInfo.InvariantCulture),
        };
        if (expectFault)
        {
            Assert.Throws<HarvestException>(() => RegisterModel.Run(Temporary.Repository, model, Temporary.Context));
        }
        else
        {
            RegisterModel.Run(Temporary.Repository, model, Temporary.Context);
        }
    }
}
