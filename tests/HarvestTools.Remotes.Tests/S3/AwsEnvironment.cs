using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

/// <summary>What the SDK reads from the environment, as the tests have it: their own keys, and nothing of this machine.</summary>
internal static class AwsEnvironment
{
    /// <summary>A file of profiles: those of the services, and some that tests name.</summary>
    private static readonly string s_profiles = WriteProfiles();

    public static void UseTestCredentials()
    {
        lock (s_profiles)
        {
            // Others that run at the same time use what is set.
            if (Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") != S3Server.SecretKey || Environment.GetEnvironmentVariable("AWS_CONFIG_FILE") != s_profiles + ".none")
            {
                Clear();
                Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.AccessKey);
                Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.SecretKey);
            }
        }
    }

    /// <summary>Takes away all that says who one is, but for the file of profiles.</summary>
    public static void Clear()
    {
        foreach (string variable in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(static name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            if (variable is not ("AWS_SHARED_CREDENTIALS_FILE" or "AWS_CONFIG_FILE"))
            {
                Environment.SetEnvironmentVariable(variable, null);
            }
        }

        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", s_profiles);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", s_profiles + ".none");
    }

    private static string WriteProfiles()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("harvest-aws-").FullName, "credentials");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        File.WriteAllText(path, $"""
            [team]
            aws_access_key_id = {S3Server.AccessKey}
            aws_secret_access_key = {S3Server.SecretKey}
            [unknown]
            aws_access_key_id = AKIDNOBODYKNOWSTHIS0
            aws_secret_access_key = {S3Server.SecretKey}
            [s3rver]
            aws_access_key_id = S3RVER
            aws_secret_access_key = S3RVER
            [radosgw]
            aws_access_key_id = HARVESTRADOSGW
            aws_secret_access_key = harvestradosgwsecret

            """);
        return path;
    }
}
