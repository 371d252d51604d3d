#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
# What build.ps1 packs, tried as those who get it do: published, installed, loaded beside others.

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    $root = Get-ProjectRoot
    $version = (Import-PowerShellDataFile "$root/HarvestTools.psd1").ModuleVersion
    # The configuration that was built: packing builds nothing anew then.
    $configuration = (Test-Path "$root/src/HarvestTools.Cli/bin/Debug/net10.0/harvest.dll") ? 'Debug' : 'Release'

    function Invoke-Pack {
        param([string] $OutputPath, [hashtable] $Links = @{})
        $null = & "$root/build.ps1" -Task Pack -Configuration $configuration -OutputPath $OutputPath @Links
        "$OutputPath/HarvestTools/$version"
    }

    function Get-PackageSpec {
        param([string] $Folder)
        $package = [System.IO.Compression.ZipFile]::OpenRead((Get-Item "$Folder/HarvestTools.Cli.$version.nupkg").FullName)
        try {
            $reader = [System.IO.StreamReader]::new($package.GetEntry('HarvestTools.Cli.nuspec').Open())
            ([xml] $reader.ReadToEnd()).package.metadata
        } finally {
            $package.Dispose()
        }
    }

    # The text of a function of build.ps1, to be tried alone. Its folder is the root there.
    function Get-BuildFunction {
        param([string] $Name)
        $script = [System.Management.Automation.Language.Parser]::ParseFile((Get-Item "$root/build.ps1").FullName, [ref] $null, [ref] $null)
        $all = $script.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)
        $found = $all | Where-Object Name -eq $Name
        $found.Extent.Text.Replace('$PSScriptRoot', '$root')
    }

    $plain = Invoke-Pack "$TestDrive/plain"
    $project = "https://git.example.org/o'neil;jr/harvest/"
    $linked = Invoke-Pack "$TestDrive/linked" @{ ProjectUri = $project }
}

Describe 'What is packed' {
    It 'is a module with its licence, notices, icon, help and views, and nothing besides' {
        Get-ChildItem $plain -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath((Get-Item $plain).FullName, $_.FullName).Replace('\', '/') } | Sort-Object |
            Should -Be (@(
                'HarvestTools.psd1', 'LICENSE', 'README.md', 'ThirdPartyNotices.txt', 'icon.png'
                'en-US/HarvestTools.PowerShell.dll-Help.xml'
                Get-ChildItem "$root/docs/en-US/about_*.md" | ForEach-Object { "en-US/$($_.BaseName).help.txt" }
                'lib/HarvestTools.Drift.Format.ps1xml', 'lib/HarvestTools.Exports.Format.ps1xml', 'lib/HarvestTools.History.Format.ps1xml', 'lib/HarvestTools.Remotes.Format.ps1xml',
                'lib/HarvestTools.Erasure.Format.ps1xml', 'lib/HarvestTools.Space.Format.ps1xml',
                'lib/HarvestTools.PowerShell.dll', 'lib/HarvestTools.Retrain.Format.ps1xml', 'lib/HarvestTools.Slices.Format.ps1xml', 'lib/HarvestTools.Types.ps1xml',
                'lib/engine/AWSSDK.Core.dll', 'lib/engine/AWSSDK.Extensions.Numerics.dll', 'lib/engine/AWSSDK.S3.dll', 'lib/engine/AWSSDK.SecurityToken.dll',
                'lib/engine/AWSSDK.SSO.dll', 'lib/engine/AWSSDK.SSOOIDC.dll', 'lib/engine/HarvestTools.Remotes.dll',
                'lib/engine/CommunityToolkit.HighPerformance.dll', 'lib/engine/HarvestTools.Core.dll', 'lib/engine/K4os.Compression.LZ4.dll', 'lib/engine/Microsoft.IO.RecyclableMemoryStream.dll',
                'lib/engine/Parquet.dll', 'lib/engine/Snappier.dll', 'lib/engine/System.IO.Hashing.dll', 'lib/engine/YamlDotNet.dll', 'lib/engine/ZstdSharp.dll'
            ) | Sort-Object)
    }

    It 'has a manifest without a fault, that says who, what and under which licence' {
        $manifest = Test-ModuleManifest "$plain/HarvestTools.psd1" -WarningAction Stop
        $manifest.Author, $manifest.Description, $manifest.LicenseUri, $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
        $manifest.Tags | Should -Contain 'PSEdition_Core'
        $manifest.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
    }

    It 'makes up no link where no home is given' {
        Get-Content "$plain/HarvestTools.psd1" | Should -Be (Get-Content "$root/HarvestTools.psd1")
        $spec = Get-PackageSpec "$TestDrive/plain"
        $spec.license.InnerText, $spec.icon, $spec.readme | Should -Be 'MIT', 'icon.png', 'README.md'
        $spec.ChildNodes.Name | Should -Not -Contain 'projectUrl'
    }

    It 'links to the home that is given' {
        $manifest = Test-ModuleManifest "$linked/HarvestTools.psd1" -WarningAction Stop
        $manifest.ProjectUri | Should -Be $project
        $manifest.IconUri | Should -Be "$($project)raw/HEAD/docs/assets/icon.png"
        $manifest.LicenseUri | Should -Be 'https://licenses.nuget.org/MIT'
        Test-Path "$root/docs/assets/icon.png" | Should -BeTrue
        Get-Content "$linked/HarvestTools.psd1" | Where-Object { $_ -notmatch '^ +(ProjectUri|IconUri) +=' } | Should -Be (Get-Content "$root/HarvestTools.psd1")
        $spec = Get-PackageSpec "$TestDrive/linked"
        $spec.projectUrl, $spec.repository.url | Should -Be $project, $project
    }

    It 'links to an icon elsewhere' {
        $elsewhere = Invoke-Pack "$TestDrive/icon" @{ ProjectUri = 'https://git.example.org/harvest'; IconUri = 'https://img.example.org/icon.png' }
        (Test-ModuleManifest "$elsewhere/HarvestTools.psd1").IconUri | Should -Be 'https://img.example.org/icon.png'
    }

    It 'refuses a home that is no address of the web: <_>' -ForEach 'nowhere', 'file:///srv/harvest' {
        { & "$root/build.ps1" -Task Pack -OutputPath "$TestDrive/refused" -ProjectUri $_ } | Should -Throw '*no address of the web*'
        Test-Path "$TestDrive/refused" | Should -BeFalse
    }
}

Describe 'The program with its own runtime' {
    It 'is refused for what is no platform, before anything is packed' {
        { & "$root/build.ps1" -Task Pack -OutputPath "$TestDrive/refused" -Runtime 'linux-x64;a=b' } | Should -Throw '*no runtime identifier*'
        Test-Path "$TestDrive/refused" | Should -BeFalse
    }

    It 'names the packages that cannot be had' {
        # No source but an empty folder, and no package of an earlier restore.
        $null = New-Item -ItemType Directory "$TestDrive/source", "$TestDrive/restored"
        $kept = @{ NUGET_PACKAGES = $env:NUGET_PACKAGES; RestoreSources = $env:RestoreSources; RestoreFallbackFolders = $env:RestoreFallbackFolders }
        try {
            $env:NUGET_PACKAGES = "$TestDrive/restored"
            $env:RestoreSources = "$TestDrive/source"
            . ([scriptblock]::Create((Get-BuildFunction Export-Standalone)))
            { Export-Standalone -Runtime linux-x64 -Version $version -Output "$TestDrive/none" } |
                Should -Throw 'Nothing was packed for linux-x64: * cannot be had from the package sources in use.*Microsoft.NETCore.App.*'
        } finally {
            foreach ($name in $kept.Keys) {
                Set-Item "env:$name" $kept[$name]
            }
        }
    }

    It 'is packed so that programs may be run, and nothing else' {
        $null = New-Item -ItemType Directory "$TestDrive/folder/more"
        Set-Content "$TestDrive/folder/harvest" 'run me'
        Set-Content "$TestDrive/folder/LICENSE" 'read me'
        Set-Content "$TestDrive/folder/more/data" 'me too'
        . ([scriptblock]::Create((Get-BuildFunction Compress-Folder)))
        Compress-Folder -Path (Get-Item "$TestDrive/folder").FullName -Name harvest-1 -Destination "$TestDrive/packed.tar.gz" -Programs harvest
        $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::OpenRead((Get-Item "$TestDrive/packed.tar.gz").FullName), [System.IO.Compression.CompressionMode]::Decompress)
        $archive = [System.Formats.Tar.TarReader]::new($stream)
        try {
            $found = while ($entry = $archive.GetNextEntry($true)) {
                "$($entry.Name) $([Convert]::ToString([int] $entry.Mode, 8)) $($entry.Uid) $($entry.UserName)".TrimEnd() + " $([System.IO.StreamReader]::new($entry.DataStream).ReadToEnd().Trim())"
            }
        } finally {
            $archive.Dispose()
            $stream.Dispose()
        }
        $found | Should -Be 'harvest-1/harvest 755 0 run me', 'harvest-1/LICENSE 644 0 read me', 'harvest-1/more/data 644 0 me too'
    }
}

Describe 'Publishing' {
    It 'goes through Publish-PSResource into a repository, and comes back out of it' {
        # Without a .config in it, a home has no place for settings, and NuGet writes its own below the current folder.
        # PSResourceGet installs below .local/share of a home, whatever XDG_DATA_HOME says; PowerShell looks where that says.
        $null = New-Item -ItemType Directory "$TestDrive/gallery", "$TestDrive/modules", "$TestDrive/home/.local/share", "$TestDrive/home/.config"
        # A process of its own: its module path holds what was saved, its home keeps the list of repositories apart.
        $ask = {
            param($module, $gallery, $modules, $file)
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'Stop'
            $name = "HarvestTest$([guid]::NewGuid().ToString('N'))"
            Register-PSResourceRepository -Name $name -Uri $gallery -Trusted
            try {
                Publish-PSResource -Path $module -Repository $name
                $found = Find-PSResource HarvestTools -Repository $name
                if ($IsWindows) {
                    # There an installation goes into the user's own documents, wherever the home is said to be.
                    Save-PSResource HarvestTools -Repository $name -Path $modules
                } else {
                    Install-PSResource HarvestTools -Repository $name -Scope CurrentUser
                }
            } finally {
                Unregister-PSResourceRepository $name
            }
            if ($IsWindows) {
                $env:PSModulePath = $modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
            }

            $hash = Get-ExportHash $file
            [pscustomobject]@{
                Version = "$($found.Version)"; Author = $found.Author; Tags = $found.Tags; License = "$($found.LicenseUri)"; Project = $found.ProjectUri.OriginalString; Icon = $found.IconUri.OriginalString
                From = (Get-Module HarvestTools).ModuleBase; Bytes = $hash.Bytes
            }
        }
        $kept = @{ HOME = $env:HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME }
        try {
            $env:HOME = "$TestDrive/home"
            $env:XDG_DATA_HOME = "$TestDrive/home/.local/share"
            $told = pwsh -NoProfile -NonInteractive -Command $ask -args $linked, "$TestDrive/gallery", "$TestDrive/modules", "$root/LICENSE"
        } finally {
            $env:HOME = $kept.HOME
            $env:XDG_DATA_HOME = $kept.XDG_DATA_HOME
        }
        $told.Version | Should -Be $version
        $told.Author | Should -Be 'The HarvestTools authors'
        $told.Tags | Should -Contain 'LabelStudio'
        $told.License | Should -Be 'https://licenses.nuget.org/MIT'
        $told.Project | Should -Be $project
        $told.Icon | Should -Be "$($project)raw/HEAD/docs/assets/icon.png"
        $installed = $IsWindows ? "$TestDrive/modules/HarvestTools/$version" : "$TestDrive/home/.local/share/powershell/Modules/HarvestTools/$version"
        $told.From | Should -Be (Get-Item $installed).FullName
        $told.Bytes | Should -Be (Get-Item "$root/LICENSE").Length
        Test-Path "$TestDrive/gallery/HarvestTools.$version.nupkg" | Should -BeTrue
        Get-FolderState "$installed/lib" | Should -BeExactly (Get-FolderState "$linked/lib").Replace((Get-Item $linked).FullName, (Get-Item $installed).FullName)
    }
}
