using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A model is known by its bytes: files that move, files that are overwritten, names that are registered again.</summary>
public sealed class ModelFileTests : DriftFixture
{
    private const string Model = "models/hand.pt";

    [Fact]
    public void A_file_overwritten_in_place_does_not_answer_as_the_model_before()
    {
        Temporary.WriteText(Model, "weights");
        RegisteredModel before = Register(new ModelRegistration("v1", "hand") { Path = Model });
        Temporary.WriteText(Model, "other weights");

        HarvestException fault = Assert.Throws<HarvestException>(() => Found(Model));

        Assert.Equal("ModelOverwritten", fault.ErrorId);
        Assert.Contains("'hand' that slice v1 registered there", fault.Message, StringComparison.Ordinal);
        Assert.Contains(before.Sha256![..12], fault.Message, StringComparison.Ordinal);
        Assert.Contains(Hash("other weights")[..12], fault.Message, StringComparison.Ordinal);
        Assert.Equal(["v1"], Found("hand"));

        // As the remedy says: the new file under a name of its own.
        Temporary.New("v2");
        Register(new ModelRegistration("v2", "hand2") { Path = Model });
        Assert.Equal(["v2"], Found(Model));
    }

    [Fact]
    public void A_file_is_found_wherever_it_is_and_a_path_without_a_file_by_what_was_recorded()
    {
        string path = Temporary.WriteText(Model, "weights");
        Register(new ModelRegistration("v1", "hand") { Path = Model });
        string outside = Path.GetTempFileName();
        try
        {
            File.Move(path, outside, overwrite: true);
            Assert.Equal(["v1"], Found(outside));
            Assert.Equal(["v1"], Found(Model));
            File.WriteAllText(outside, "none of them");
            Assert.Equal("ModelFileUnknown", Assert.Throws<HarvestException>(() => Found(outside)).ErrorId);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Fact]
    public void A_file_of_a_registered_name_decides_by_its_bytes()
    {
        Temporary.WriteText(Model, "weights");
        Register(new ModelRegistration("v1", "hand") { Path = Model });
        Temporary.WriteText("hand", "something else");

        HarvestException fault = Assert.Throws<HarvestException>(() => Found("hand"));

        Assert.Equal("ModelFileUnknown", fault.ErrorId);
        Assert.Contains("'hand' is also a registered name", fault.Message, StringComparison.Ordinal);
        Temporary.WriteText("hand", "weights");
        Assert.Equal(["v1"], Found("hand"));
    }

    [Fact]
    public void A_path_that_was_recorded_without_a_hash_answers_by_itself()
    {
        Rewrite(static slice => slice with { ModelOutputs = new OrderedDictionary<string, string> { ["hand"] = Model } });
        Temporary.WriteText(Model, "weights");

        Assert.Equal(["v1"], Found(Model));
        Assert.Empty(Check().Findings);
    }

    [Theory]
    [InlineData("hnad", "Did you mean 'hand'?")]
    [InlineData("models/hands.pt", "Did you mean 'models/hand.pt'?")]
    [InlineData("nobody", "there is no such file.")]
    public void An_unknown_model_is_an_error_with_the_name_that_is_near(string model, string end)
    {
        Temporary.WriteText(Model, "weights");
        Register(new ModelRegistration("v1", "hand") { Path = Model });

        HarvestException fault = Assert.Throws<HarvestException>(() => Found(model));

        Assert.Equal("ModelUnknown", fault.ErrorId);
        Assert.EndsWith(end, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_check_warns_of_a_changed_model_and_stays_clean(bool quick)
    {
        Temporary.WriteText(Model, "weights");
        RegisteredModel model = Register(new ModelRegistration("v1", "hand") { Path = Model });
        Assert.Empty(Check(quick).Findings);
        Temporary.WriteText(Model, "other weights");

        DriftReport report = Check(quick);

        Assert.Equal(DriftStatus.Clean, report.Status);
        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal((DriftKind.ModelChanged, DriftSeverity.Warning, "hand"), (finding.Kind, finding.Severity, finding.Subject));
        Assert.Equal((model.Sha256, Hash("other weights")), (finding.Expected, finding.Actual));

        // What the file is now is named where a slice has it.
        Temporary.New("v2");
        Register(new ModelRegistration("v2", "foot") { Path = Model });
        DriftFinding known = Assert.Single(Check(quick).Findings);
        Assert.Contains("it is the model foot of slice v2 now", known.Message, StringComparison.Ordinal);
        Assert.Equal(DriftSeverity.Note, known.Severity);

        File.Delete(Temporary.PathOf(Model));
        Assert.Empty(Check(quick).Findings);
    }

    [Theory]
    [InlineData("s3://models/hand.pt")]
    [InlineData("outwards/hand.pt")]
    public void What_is_no_file_of_the_repository_is_not_looked_at(string artifact)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && artifact.StartsWith("outwards", StringComparison.Ordinal), "links need a right there");
        string outside = Directory.CreateTempSubdirectory("harvest-test-").FullName;
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.WriteAllText(Path.Combine(outside, "hand.pt"), "weights");
                Directory.CreateSymbolicLink(Temporary.PathOf("outwards"), outside);
            }

            Rewrite(slice => slice with { Runs = [new SliceRun { Name = "hand", Artifact = artifact, Sha256 = new string('a', 64) }] });

            Assert.Empty(Check().Findings);
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
            File.Delete(Temporary.PathOf("outwards"));
        }
    }

    [Fact]
    public void Another_artifact_hash_or_value_is_refused_unless_forced()
    {
        Temporary.WriteText(Model, "weights");
        Temporary.WriteText("models/second.pt", "second");
        Register(new ModelRegistration("v1", "hand") { Path = Model, Metrics = Metric(0.91) });
        byte[] before = File.ReadAllBytes(Temporary.Repository.Slices.PathOf("v1"));

        Assert.Contains("not at 'models/second.pt'", Refused(new ModelRegistration("v1", "hand") { Path = "models/second.pt" }), StringComparison.Ordinal);
        Assert.Contains("pck is registered as 0.91, not as 0.5", Refused(new ModelRegistration("v1", "hand") { Metrics = Metric(0.5) }), StringComparison.Ordinal);
        Temporary.WriteText(Model, "other weights");
        Assert.Contains($"SHA-256 {Hash("weights")[..12]}, this one {Hash("other weights")[..12]}", Refused(new ModelRegistration("v1", "hand") { Path = Model }), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Temporary.Repository.Slices.PathOf("v1")));

        RegisteredModel forced = Register(new ModelRegistration("v1", "hand") { Path = "models/second.pt", Metrics = Metric(0.5), Force = true });
        Assert.True(forced.Replaced);
        Assert.Equal(("models/second.pt", Hash("second"), 0.5), (forced.Path, forced.Sha256, forced.Metrics["pck"]));
    }

    [Fact]
    public void The_same_again_changes_no_byte()
    {
        Temporary.WriteText(Model, "weights");
        Register(new ModelRegistration("v1", "hand") { Path = Model, Metrics = Metric(0.91) });
        string path = Temporary.Repository.Slices.PathOf("v1");
        File.WriteAllText(path, File.ReadAllText(path).Replace("0.91", "0.910", StringComparison.Ordinal));
        byte[] before = File.ReadAllBytes(path);

        RegisteredModel again = Register(new ModelRegistration("v1", "hand") { Path = Model, Metrics = Metric(0.91) });

        Assert.False(again.Replaced);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_name_that_model_outputs_has_is_registered_too()
    {
        Rewrite(static slice => slice with { ModelOutputs = new OrderedDictionary<string, string> { ["hand"] = Model, ["eye"] = "models/eye.pt" } });
        Temporary.WriteText(Model, "weights");
        Temporary.WriteText("models/second.pt", "second");

        Refused(new ModelRegistration("v1", "hand") { Path = "models/second.pt" });
        Register(new ModelRegistration("v1", "hand") { Path = Model });
        Register(new ModelRegistration("v1", "hand") { Path = "models/second.pt", Force = true });

        SliceManifest slice = Temporary.Repository.Slices.Load("v1");
        Assert.Equal(["models/second.pt", "models/eye.pt"], slice.ModelOutputs.Values);
        Assert.Equal("models/second.pt", Assert.Single(slice.Runs).Artifact);
    }

    private static Dictionary<string, double> Metric(double value) => new() { ["pck"] = value };

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private string Refused(ModelRegistration registration)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Register(registration));
        Assert.Equal("ModelRegistered", fault.ErrorId);
        Assert.Equal(registration.Path, Assert.IsType<RemedyAction.ReplaceModel>(Assert.Single(fault.Remedy.Actions)).Path);
        return fault.Message;
    }

    private RegisteredModel Register(ModelRegistration registration) => RegisterModel.Run(Temporary.Repository, registration, Temporary.Context);

    private string[] Found(string model) =>
        [.. TraceSource.OfModel(Temporary.Repository, model, Temporary.Context).Select(static source => source.Version).Distinct()];
}
