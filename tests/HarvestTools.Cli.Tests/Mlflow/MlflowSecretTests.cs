using System.Text;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests.Mlflow;

/// <summary>What signs in at a tracking server is in no file and in no line of a whole session, whatever the server does.</summary>
public sealed class MlflowSecretTests
{
    private const string Token = "tok-3nS3cret/+x";
    private const string Password = "p@ss/w:rd-Hidden";
    private const string Id = "0123456789abcdef0123456789abcdef";

    public static TheoryData<string> Ways => ["token", "user", "address"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void No_secret_is_in_any_file_or_line(string way)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        using var server = new TrackingServer();
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"hands:{Password}"));
        server.Authorization = way == "token" ? $"Bearer {Token}" : $"Basic {basic}";
        var environment = new Dictionary<string, string>
        {
            ["MLFLOW_TRACKING_URI"] = way == "address" ? server.Address.Replace("://", $"://hands:{Uri.EscapeDataString(Password)}@", StringComparison.Ordinal) + "/?key=" + Token : server.Address,
        };
        if (way == "token")
        {
            environment["MLFLOW_TRACKING_TOKEN"] = Token;
        }
        else if (way == "user")
        {
            environment["MLFLOW_TRACKING_USERNAME"] = "hands";
            environment["MLFLOW_TRACKING_PASSWORD"] = Password;
        }

        string secret = way == "token" ? Token : Password;
        TrackedRun run = server.State.Add(Id);
        run.Params["lr"] = "0.1";
        run.Params["header"] = $"Authorization {secret}";
        run.Tags["note"] = secret;
        run.Metrics[$"pck {secret}"] = [(0.5, 1, 0)];
        run.Artifacts["w.pt"] = [1, 2, 3];
        var said = new StringBuilder();

        HarvestResult Run(params string[] arguments)
        {
            HarvestResult result = HarvestProgram.Run(scratch.Path, environment, arguments);
            said.AppendLine(result.Out).AppendLine(result.Error);
            return result;
        }

        Run("register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "w.pt").Exits(0);
        Run("register", "v1", "made", "--mlflow", "--json").Exits(0);
        Run("register", "v1", "other", "--mlflow", "nothing").Exits(3);
        string echo = $$"""{"error_code":"INVALID_PARAMETER_VALUE {{secret}}","message":"you sent {{secret}} and {{Uri.EscapeDataString(secret)}} and {{server.Authorization}}"}""";
        foreach ((int status, string type, string body) in new[] { (400, "application/json", echo), (404, "application/json", echo), (401, "text/plain", secret), (500, "text/html", secret), (200, "text/html", secret) })
        {
            server.Instead = (_, context) =>
            {
                context.Response.Headers["Retry-After"] = "0";
                TrackingServer.Send(context, status, type, Encoding.Latin1.GetBytes(body));
                return true;
            };
            Assert.NotEqual(0, Run("register", "v1", "failing", "--mlflow", Id, "--json").Exit);
        }

        server.Instead = (_, context) =>
        {
            context.Response.Headers["Location"] = $"http://hands:{Uri.EscapeDataString(secret)}@127.0.0.2:9/x?{Uri.EscapeDataString(secret)}";
            TrackingServer.Send(context, 307, "text/html", []);
            return true;
        };
        Run("register", "v1", "failing", "--mlflow", Id).Exits(4);
        server.Dispose();
        Run("register", "v1", "failing", "--mlflow", Id).Exits(4);
        Run("models").Exits(0);
        Run("models", "--json").Exits(0);
        Run("show", "v1", "--json").Exits(0);
        Run("params", "v1").Exits(0);
        Run("report", "report.html").Exits(0);
        Run("check").Exits(0);

        // The search finds what is there.
        Assert.Contains(Id, said.ToString(), StringComparison.Ordinal);
        Assert.True(server.Requests.Count > 10);
        foreach (string hidden in new[] { secret, Uri.EscapeDataString(secret), basic, way == "address" ? Token : secret })
        {
            Assert.DoesNotContain(hidden, said.ToString(), StringComparison.OrdinalIgnoreCase);
            foreach (string file in Directory.EnumerateFiles(scratch.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            {
                Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(hidden)) >= 0, $"{file} has it");
            }
        }

        // Nor did it go into the run, whose page others read.
        Assert.All(server.State.Runs.Values.SelectMany(static one => one.Tags.Where(static tag => tag.Key.StartsWith("harvest.", StringComparison.Ordinal)).Select(static tag => tag.Value)), value => Assert.DoesNotContain(secret, value, StringComparison.Ordinal));
    }
}
