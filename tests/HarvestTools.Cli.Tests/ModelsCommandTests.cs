using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What is known of trainings, and slices ranked by what came out of them.</summary>
public sealed class ModelsCommandTests
{
    private static readonly string[] s_everything =
    [
        "register", "v1", "hand", "s3://models/hand.pt", "--sha256", "AB00000000000000000000000000000000000000000000000000000000000000",
        "--metric", "pck=0.91", "--param", "lr=0.001", "--param", "optimizer=adam", "--param", "augment=true", "--seed", "torch=42", "--seed", "numpy=7",
        "--hardware", "two A100", "--dependency", "requirements.txt", "--started-at", "2026-05-11T10:00:00Z", "--trained-at", "2026-05-11T14:32:00Z",
        "--commit", "0123456789abcdef0123456789abcdef01234567",
    ];

    [Fact]
    public void All_that_is_known_of_a_training_is_recorded_and_listed()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("requirements.txt", "torch==2.9");

        scratch.Run(s_everything).Exits(0);

        JsonElement model = Assert.Single(scratch.Run("models", "ha*", "--json").Exits(0).Document().GetProperty("models").EnumerateArray());
        Assert.Equal("ab" + new string('0', 62), model.GetProperty("sha256").GetString());
        Assert.Equal(0.001, model.GetProperty("params").GetProperty("lr").GetDouble());
        Assert.Equal("adam", model.GetProperty("params").GetProperty("optimizer").GetString());
        Assert.True(model.GetProperty("params").GetProperty("augment").GetBoolean());
        Assert.Equal(42, model.GetProperty("seeds").GetProperty("torch").GetInt32());
        Assert.Equal("two A100", model.GetProperty("hardware").GetString());
        Assert.Equal(ScratchFolder.Sha256(scratch["requirements.txt"]), model.GetProperty("dependencies")[0].GetProperty("sha256").GetString());
        Assert.Equal("2026-05-11T10:00:00Z", model.GetProperty("started_at").GetString());
        Assert.Equal("0123456789abcdef0123456789abcdef01234567", model.GetProperty("git_commit").GetString());
        Assert.False(model.GetProperty("git_dirty").GetBoolean());
        Assert.Equal("Address", model.GetProperty("file").GetString());
        Assert.Equal(scratch.Run("show", "v1", "--json").Document().GetProperty("dataset_sha256").GetString(), model.GetProperty("dataset_sha256").GetString());
        scratch.Run("check").Exits(0);
        Assert.Equal("Unchanged", Outcome(scratch.Run([.. s_everything, "--json"])));
    }

    [Fact]
    public void Parameters_are_shown_as_they_were_recorded()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand", "--param", "lr=1e-3", "--param", "seed=12345678901234567890", "--param", "amp=true", "--param", "zip=007", "-q").Exits(0);

        Assert.Contains("params lr = 1e-3, seed = 12345678901234567890, amp = true, zip = 007", scratch.Run("models").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal("12345678901234567890", scratch.Run("models", "--json").Document().GetProperty("models")[0].GetProperty("params").GetProperty("seed").GetRawText());
    }

    [Fact]
    public void What_is_known_of_a_model_is_not_said_of_the_one_that_takes_its_place()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("requirements.txt", "torch==2.9");
        scratch.Run(s_everything).Exits(0);

        scratch.Run("register", "v1", "hand", "s3://models/other.pt", "--sha256", new string('c', 64), "--metric", "loss=0.2", "--force", "-q").Exits(0);

        JsonElement model = Assert.Single(scratch.Run("models", "--json").Document().GetProperty("models").EnumerateArray());
        Assert.Equal("loss", Assert.Single(model.GetProperty("metrics").EnumerateObject()).Name);
        Assert.Empty(model.GetProperty("params").EnumerateObject());
        Assert.All(["seeds", "hardware", "started_at", "git_commit", "tracking"], name => Assert.Equal(JsonValueKind.Null, model.GetProperty(name).ValueKind));
        Assert.Empty(model.GetProperty("dependencies").EnumerateArray());

        // Of the same artifact more may be said, and the rest stays.
        scratch.Run("register", "v1", "hand", "s3://models/other.pt", "--sha256", new string('c', 64), "--metric", "loss=0.3", "--param", "lr=1", "--force", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "--metric", "pck=0.5", "-q").Exits(0);
        model = scratch.Run("models", "--json").Document().GetProperty("models")[0];
        Assert.Equal((0.3, 0.5, 1), (model.GetProperty("metrics").GetProperty("loss").GetDouble(), model.GetProperty("metrics").GetProperty("pck").GetDouble(), model.GetProperty("params").GetProperty("lr").GetInt32()));
    }

    [Fact]
    public void Addresses_with_a_password_folders_and_ends_before_the_start_are_refused()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        Directory.CreateDirectory(scratch["model"]);

        HarvestResult secret = scratch.Run("register", "v1", "hand", "https://ana:hunter2@host/m.pt?token=hunter2", "--json").Exits(2);
        Assert.Equal(["AddressHoldsSecret"], secret.ErrorIds());
        Assert.DoesNotContain("hunter2", secret.Out + secret.Error + File.ReadAllText(scratch["slices/v1/slice.json"]), StringComparison.Ordinal);
        Assert.Equal(["AddressHoldsSecret"], scratch.Run("register", "v1", "hand", "--tracking", "https://wandb.example.org/r/1?apiKey=hunter2", "--json").Exits(2).ErrorIds());
        Assert.Equal(["ModelIsFolder"], scratch.Run("register", "v1", "hand", "model", "--json").Exits(2).ErrorIds());
        Assert.Equal(
            ["RunEndsBeforeStart"],
            scratch.Run("register", "v1", "hand", "--started-at", "2026-05-12T10:00:00Z", "--trained-at", "2026-05-11T10:00:00Z", "--json").Exits(2).ErrorIds());
        Assert.Equal(["RunEndsBeforeStart"], scratch.Run("register", "v1", "hand", "--started-at", "2126-05-12T10:00:00Z", "--json").Exits(2).ErrorIds());
        Assert.Empty(scratch.Run("models", "--json").Document().GetProperty("models").EnumerateArray());
    }

    [Fact]
    public void What_is_in_production_moves_with_promote_alone_and_is_shown()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        Assert.Contains("No model was put into production.", scratch.Run("promote").Exits(0).Out, StringComparison.Ordinal);
        scratch.Run("register", "v1", "hand", "s3://m/1.pt", "--sha256", new string('a', 64), "-q").Exits(0);
        Assert.Equal(["PromotionReasonMissing"], scratch.Run("promote", "hand", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("promote", "--reason", "why", "--json").Exits(2).ErrorIds());

        JsonElement promoted = scratch.Run("promote", "hand", "--reason", "better on every camera", "--json").Exits(0).Document();

        Assert.True(promoted.GetProperty("moved").GetBoolean());
        JsonElement production = Assert.Single(promoted.GetProperty("production").EnumerateArray());
        Assert.Equal(("hand", "v1", "better on every camera", "Current"), (production.GetProperty("name").GetString(), production.GetProperty("version").GetString(), production.GetProperty("reason").GetString(), production.GetProperty("state").GetString()));
        Assert.Contains("in production", scratch.Run("log").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("in production", scratch.Run("show", "v1").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("in production", scratch.Run("models").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("better on every camera", scratch.Run("promote").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal("v1", scratch.Run("source", "--model", "production", "--json").Exits(0).Document().GetProperty("sources")[0].GetProperty("version").GetString());

        HarvestResult forced = scratch.Run("register", "v1", "hand", "s3://m/2.pt", "--sha256", new string('b', 64), "--force").Exits(0);
        Assert.Contains("what is in production did not move", forced.Out + forced.Error, StringComparison.Ordinal);
        Assert.Contains("harvest promote hand --slice v1 --reason TEXT", forced.Out + forced.Error, StringComparison.Ordinal);
        Assert.Contains("with another artifact than it was put there", scratch.Run("models").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("Its artifact was replaced", scratch.Run("promote").Exits(0).Out, StringComparison.Ordinal);

        scratch.Write("production.jsonl", "{}\n");
        Assert.Equal(["FieldMissing"], scratch.Run("models", "--json").Exits(3).ErrorIds());
    }

    [Theory]
    [InlineData("--param", "lr=0.01")]
    [InlineData("--seed", "1")]
    [InlineData("--hardware", "a laptop")]
    [InlineData("--commit", "fedcba9876543210fedcba9876543210fedcba98")]
    [InlineData("--started-at", "2026-05-11T11:00:00Z")]
    [InlineData("--sha256", "cd00000000000000000000000000000000000000000000000000000000000000")]
    public void A_fact_that_is_registered_is_replaced_with_force_alone(string option, string value)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("requirements.txt", "torch==2.9");
        scratch.Run(s_everything).Exits(0);
        string before = File.ReadAllText(scratch["slices/v1/slice.json"]);
        string[] other = ["register", "v1", "hand", "s3://models/hand.pt", option, value, "--json"];

        Assert.Equal(["ModelRegistered"], scratch.Run(other).Exits(2).ErrorIds());
        Assert.Equal(before, File.ReadAllText(scratch["slices/v1/slice.json"]));
        Assert.Equal("Replaced", Outcome(scratch.Run([.. other, "--force"])));
        Assert.Equal("Updated", Outcome(scratch.Run("register", "v1", "hand", "--param", "epochs=10", "--json")));
    }

    [Fact]
    public void A_training_that_ends_now_has_the_commit_that_is_checked_out_and_an_old_one_has_none()
    {
        ProgramOnPath.Require("git");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Git("init", "-q");
        scratch.Write("train.py", "print(1)");
        scratch.Git("add", "-A");
        scratch.Git("commit", "-q", "-m", "one");
        string head = File.ReadAllText(scratch[$".git/{File.ReadAllText(scratch[".git/HEAD"])["ref: ".Length..].Trim()}"]).Trim();

        JsonElement ended = Model(scratch.Run("register", "v1", "ended", "--json"));
        Assert.Equal(head, ended.GetProperty("git_commit").GetString());
        Assert.False(ended.GetProperty("git_dirty").GetBoolean());

        // What registering wrote into the slice is no change of the code.
        scratch.Write("train.py", "print(2)");
        JsonElement old = Model(scratch.Run("register", "v1", "old", "--trained-at", "2026-01-01", "--json"));
        Assert.Equal(JsonValueKind.Null, old.GetProperty("git_commit").ValueKind);
        JsonElement named = Model(scratch.Run("register", "v1", "named", "--commit", "HEAD", "--json"));
        Assert.Equal(head, named.GetProperty("git_commit").GetString());
        Assert.True(named.GetProperty("git_dirty").GetBoolean());
        Assert.Equal(["CommitUnknown"], scratch.Run("register", "v1", "no", "--commit", "nowhere", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void The_hardware_of_this_machine_is_read()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();

        string hardware = Model(scratch.Run("register", "v1", "hand", "--hardware", "auto", "--json")).GetProperty("hardware").GetString()!;

        JsonElement read = JsonDocument.Parse(hardware).RootElement;
        Assert.Equal(Environment.ProcessorCount, read.GetProperty("cores").GetInt32());
        Assert.NotEqual(string.Empty, read.GetProperty("cpu").GetString());
        Assert.True(read.GetProperty("memory_bytes").GetInt64() > 1_000_000);
        Assert.NotEqual(string.Empty, read.GetProperty("os").GetString());
    }

    [Fact]
    public void Files_are_compared_where_that_is_asked()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("m/a.pt", "a");
        scratch.Write("m/b.pt", "b");
        scratch.Write("m/c.pt", "c");
        foreach (string name in new[] { "a", "b", "c" })
        {
            scratch.Run("register", "v1", name, $"m/{name}.pt", "-q").Exits(0);
        }

        scratch.Write("m/b.pt", "other");
        File.Delete(scratch["m/c.pt"]);

        Assert.Equal(["There", "There", "Gone"], Files(scratch.Run("models", "--json")));
        Assert.Equal(["Same", "Changed", "Gone"], Files(scratch.Run("models", "--verify", "--json")));
        Assert.Equal(["ModelNotRegistered"], scratch.Run("models", "d", "--json").Exits(3).ErrorIds());

        static IEnumerable<string?> Files(HarvestResult result) => result.Exits(0).Document().GetProperty("models").EnumerateArray().Select(static model => model.GetProperty("file").GetString());
    }

    [Fact]
    public void Slices_are_ranked_with_how_their_data_differ_and_what_is_noise()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/more.json", SmallExport.Actions(9));
        scratch.Run("add", "exports/more.json", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("new", "v3", "--set", "min_pixel_agreement=8", "-q").Exits(0);
        Register("v1", "run1", 0.90);
        Register("v1", "run2", 0.92);
        Register("v2", "run1", 0.95);
        Register("v3", "run1", 0.60);

        JsonElement comparison = Compare("--metric", "pck");

        Assert.Equal(["v2", "v1", "v3"], Each(comparison, static slice => slice.GetProperty("version").GetString()));
        Assert.Equal([0, -0.04, -0.35], Each(comparison, static slice => Math.Round(slice.GetProperty("to_best").GetDouble(), 12)));

        // One degree of freedom: s = 0.0141, and t = 12.7 times that times the root of 1.5 or 2 is 0.22 or 0.254.
        Assert.Equal(Math.Sqrt(0.0002), comparison.GetProperty("spread").GetDouble(), 1e-12);
        Assert.Equal(2, comparison.GetProperty("spread_runs").GetInt32());
        Assert.Equal([null, true, false], Each(comparison, static slice => slice.GetProperty("within_noise").ValueKind == JsonValueKind.Null ? (bool?)null : slice.GetProperty("within_noise").GetBoolean()));
        Assert.Equal([true, true, false], Each(comparison, static slice => slice.GetProperty("same_rules").GetBoolean()));
        Assert.Equal([0, 1, 0], Each(comparison, static slice => slice.GetProperty("exports").GetArrayLength()));

        Assert.Equal([false, false], Each(Compare("--metric", "pck", "--spread", "0.01"), static slice => slice.GetProperty("within_noise").ValueKind).Skip(1).Select(static kind => kind != JsonValueKind.False));
        Assert.Equal("v3", Each(Compare("--metric", "pck", "--lower-is-better"), static slice => slice.GetProperty("version").GetString()).First());
        Assert.Equal(["MetricUnknown"], scratch.Run("models", "--metric", "psnr", "--json").Exits(3).ErrorIds());
        Assert.Equal(["SpreadInvalid"], scratch.Run("models", "--metric", "pck", "--spread", "-1", "--json").Exits(2).ErrorIds());
        Assert.Contains("(noise)", scratch.Run("models", "--metric", "pck").Exits(0).Out, StringComparison.Ordinal);

        void Register(string version, string name, double pck) =>
            scratch.Run("register", version, name, "--metric", FormattableString.Invariant($"pck={pck}"), "--trained-at", "2026-05-01", "-q").Exits(0);

        JsonElement Compare(params string[] arguments) => scratch.Run(["models", .. arguments, "--json"]).Exits(0).Document().GetProperty("comparison");

        static IEnumerable<T> Each<T>(JsonElement comparison, Func<JsonElement, T> read) => comparison.GetProperty("slices").EnumerateArray().Select(read);
    }

    private static JsonElement Model(HarvestResult result) => result.Exits(0).Document().GetProperty("model");

    private static string? Outcome(HarvestResult result) => Model(result).GetProperty("outcome").GetString();
}
