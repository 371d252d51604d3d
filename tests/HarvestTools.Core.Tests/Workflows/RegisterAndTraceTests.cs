using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

public sealed class RegisterAndTraceTests : IDisposable
{
    private static readonly ExportPlan s_hands = ExportPlan.ForTasks(SampleKind.Hands, 40, predictedShare: 0.5);

    private readonly TemporaryRepository _temporary = new();

    public RegisterAndTraceTests()
    {
        _temporary.Add("label_studio/hands.json", s_hands, "b");
        _temporary.New("v1");
        _temporary.Add("label_studio/hands2.json", s_hands with { Batches = [.. s_hands.Batches, new EpisodeBatch { Episodes = 2 }], TaskLimit = null }, "b");
        _temporary.New("v2");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Registering_a_model_keeps_the_key_and_hashes_the_file()
    {
        string before = SliceKey.Compute(_temporary.Repository.Slices.Load("v1"));
        _temporary.WriteText("models/hand.pt", "weights");

        RegisteredModel model = Register(new ModelRegistration("v1", "hand")
        {
            Path = "models/hand.pt",
            Metrics = new Dictionary<string, double> { ["pck"] = 0.91 },
        });

        Assert.Equal("models/hand.pt", model.Path);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights"u8)), model.Sha256);
        SliceManifest slice = _temporary.Repository.Slices.Load("v1");
        Assert.Equal(before, SliceKey.Compute(slice));
        Assert.Equal(0.91, Assert.Single(RegisteredModels.Of(slice)).Metrics["pck"]);
    }

    [Fact]
    public void The_same_name_again_adds_metrics_and_keeps_the_rest()
    {
        Register(new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt", Metrics = new Dictionary<string, double> { ["pck"] = 0.91 } });

        RegisteredModel again = Register(new ModelRegistration("v1", "hand") { Metrics = new Dictionary<string, double> { ["auc"] = 0.5 } });

        Assert.Equal((false, RegisterOutcome.Updated), (again.Replaced, again.Outcome));
        Assert.Equal("s3://models/hand.pt", again.Path);
        Assert.Equal(["auc", "pck"], again.Metrics.Keys.Order());
        RegisteredModel dated = Register(new ModelRegistration("v1", "hand") { TrainedAt = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), Tracking = "run 7" });
        Assert.Equal((false, RegisterOutcome.Updated, 5), (dated.Replaced, dated.Outcome, dated.TrainedAt!.Value.Month));
        Assert.Single(_temporary.Repository.Slices.Load("v1").Runs);
    }

    [Theory]
    [InlineData("v9", "hand", null, 1.0, "SliceNotFound")]
    [InlineData("v1", " ", null, 1.0, "ModelNameMissing")]
    [InlineData("v1", "hand", "models/none.pt", 1.0, "ModelNotFound")]
    [InlineData("v1", "hand", null, double.NaN, "MetricNotFinite")]
    public void What_cannot_be_registered_is_refused(string version, string name, string? path, double metric, string errorId)
    {
        var registration = new ModelRegistration(version, name)
        {
            Path = path,
            Metrics = new Dictionary<string, double> { ["pck"] = metric },
        };

        Assert.Equal(errorId, Assert.Throws<HarvestException>(() => Register(registration)).ErrorId);
        Assert.Empty(_temporary.Repository.Slices.Load("v1").Runs);
    }

    [Fact]
    public void A_model_leads_back_to_its_exports()
    {
        _temporary.WriteText("models/hand.pt", "weights");
        Register(new ModelRegistration("v2", "hand") { Path = "models/hand.pt" });
        File.Copy(_temporary.PathOf("models/hand.pt"), _temporary.PathOf("elsewhere.pt"));

        foreach (string model in (string[])["hand", "models/hand.pt", "elsewhere.pt"])
        {
            SliceSource source = Assert.Single(TraceSource.OfModel(_temporary.Repository, model, _temporary.Context));
            Assert.Equal(("v2", "b", "label_studio/hands2.json"), (source.Version, source.Project, source.Path));
            Assert.True(source.CorrectedEpisodes > 0);
            Assert.Equal("hand", Assert.Single(source.Models).Name);
        }

        Assert.Equal(
            "ModelUnknown",
            Assert.Throws<HarvestException>(() => TraceSource.OfModel(_temporary.Repository, "foot", _temporary.Context).ToList()).ErrorId);
    }

    [Fact]
    public void An_episode_leads_forward_to_the_slices_it_reached()
    {
        SliceManifest v1 = _temporary.Repository.Slices.Load("v1");
        SliceManifest v2 = _temporary.Repository.Slices.Load("v2");
        var parts = new PartSource(_temporary.Repository, _temporary.Context, episodes: true);
        var old = parts.Get("v1", v1.Exports[0], _temporary.Repository.Settings.Harvest).Part.Episodes;
        var all = parts.Get("v2", v2.Exports[0], _temporary.Repository.Settings.Harvest).Part.Episodes;
        var first = old.First();
        var added = all.First(facts => !old.Any(known => known.TaskSubdir == facts.TaskSubdir && known.Episode == facts.Episode));

        Assert.Equal(["v1", "v2"], Reached($"{first.TaskSubdir}/{first.Episode}"));
        Assert.Equal(["v2"], Reached($"{added.TaskSubdir}/{added.Episode}"));
        Assert.Equal("EpisodeUnknown", Assert.Throws<HarvestException>(() => Reached("episode_that_never_was").ToList()).ErrorId);
    }

    private IEnumerable<string> Reached(string episode) =>
        TraceReach.Of(_temporary.Repository, SourceQuery.OfEpisode(episode), _temporary.Context).Select(static source => source.Version);

    private RegisteredModel Register(ModelRegistration registration) =>
        RegisterModel.Run(_temporary.Repository, registration, _temporary.Context);
}
