// Made from docs/openapi.json by generate-api.ts: do not edit.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can do its work; 503 when it cannot */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/first-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is still missing in a fresh installation */
        get: operations["getFirstRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/first-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the first account with the one-time token and signs it in */
        post: operations["createFirstAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sample-network": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the launcher to start the simulated network */
        post: operations["startSampleNetwork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["getSession"];
        put?: never;
        /** Signs in with name and password; the session is in the cookie sid */
        post: operations["createSession"];
        /** Signs out */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/provider/{sourceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to sign in by an OpenID provider: where the browser goes */
        post: operations["beginProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/proof/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to show anew who one is: the provider asks, whatever session it has */
        post: operations["beginProviderProof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in, or steps up, with what the provider sent back */
        post: operations["finishProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes one's own settings */
        patch: operations["changeAccount"];
        trace?: never;
    };
    "/session/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is asked for to go on with a sign-in, or to step up */
        get: operations["getProof"];
        put?: never;
        /** Shows who one is: the second step of a sign-in, or a step-up; the session goes on under a new id */
        post: operations["prove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/proof/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A challenge for one of the account's security keys */
        post: operations["createKeyChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password and ends one's other sessions */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own second factors */
        get: operations["listFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret for an authenticator; it counts once a code of it was shown */
        post: operations["beginTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors/totp/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows a code of the new secret */
        post: operations["confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors/key/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser needs to make a security key for this account */
        post: operations["beginKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds the key that the browser made */
        post: operations["confirmKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/factors/{factorId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes one of one's own factors */
        delete: operations["deleteFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ten new recovery codes; the old ones no longer open */
        post: operations["createRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where one is signed in */
        get: operations["listOwnSessions"];
        put?: never;
        post?: never;
        /** Ends all of one's own sessions but this one */
        delete: operations["revokeOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of one's own sessions */
        delete: operations["revokeOwnSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own tokens for programs */
        get: operations["listTokens"];
        put?: never;
        /** A token for a program; shown this once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a token */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where an account is signed in */
        get: operations["listAccountSessions"];
        put?: never;
        post?: never;
        /** Ends all sessions of an account */
        delete: operations["revokeAccountSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes an account's second factors and recovery codes away, for somebody who has lost them all */
        delete: operations["resetFactors"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is demanded of passwords, accounts and sessions */
        get: operations["getSignInPolicy"];
        /** Changes what is demanded */
        put: operations["changeSignInPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/break-glass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The two sealed accounts for the day on which nothing else works */
        get: operations["listBreakGlass"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/break-glass/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a sealed account, or gives it a new password */
        post: operations["createBreakGlass"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People with what they hold, within the caller's part of the network */
        get: operations["listPeople"];
        put?: never;
        /** Adds an account of this system, with rights or a colleague's for one branch; its invitation is shown once */
        post: operations["createPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person: grants, rights and conflicts */
        get: operations["getPerson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Renames, disables or enables an account */
        patch: operations["changePerson"];
        trace?: never;
    };
    "/accounts/{accountId}/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets an account that lay unused too long sign in again: its days are counted anew */
        post: operations["renewPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a new invitation, with which the person chooses a password; those before it open no more */
        post: operations["invitePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/shown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whom an invitation is for */
        post: operations["showInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the password that an invitation is for; it opens only once */
        post: operations["takeInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}/grants/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a change of somebody's grants would give and take: rights, points, conflicts. Changes nothing */
        post: operations["previewGrants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{accountId}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives and takes away at once; answers the new grants */
        post: operations["changeGrants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Access review: who has what, since when, given by whom, last used */
        get: operations["listGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grants.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rows as CSV: UTF-8 with BOM, semicolons */
        get: operations["exportGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grants/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms grants in an access review; nobody confirms their own */
        post: operations["reviewGrants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grants/ends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes grants away */
        post: operations["endGrants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pages and levels, roles, and where the caller may give them */
        get: operations["listRoles"];
        put?: never;
        /** Adds a role */
        post: operations["createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/roles/{roleId}/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a change of a role would give and take, and of how many people. Changes nothing */
        post: operations["previewRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/roles/{roleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a role that was never granted */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /** Gives a role another name or other rights; the ready-made ones are copied instead */
        patch: operations["changeRole"];
        trace?: never;
    };
    "/session/seen-as": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks as somebody else: at most at what both may see, and without changing anything */
        post: operations["beginSeeAs"];
        /** Looks as oneself again */
        delete: operations["endSeeAs"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rights/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People who can give a right */
        get: operations["askForRight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/system/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Measures of the system with their bounds, the last day of each, backups, certificate and database roles */
        get: operations["getSystemHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Connections and parameters of the roles, their privileges by table as they should be and are, backups */
        get: operations["getDatabase"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in to the database step by step, as the server does or as an analyst */
        post: operations["tryDatabase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Connections and time-out of a program; it takes them over within ten seconds, without a restart */
        put: operations["changePool"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/pools/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the last change of a program's connections back */
        post: operations["undoPool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The address of the database that was asked for last, and how the trial went as each role */
        get: operations["getDatabaseAddress"];
        put?: never;
        /** An address that was tried well is used from the next start of the system on */
        post: operations["chooseDatabaseAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/address/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the launcher to try another address as each role; nothing is changed */
        post: operations["tryDatabaseAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/database/analyst-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new password for analysts (report_ro), shown this once; it ends their sessions */
        post: operations["giveAnalystPassword"];
        /** Takes the password of analysts back and ends their sessions */
        delete: operations["endAnalystPassword"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in-ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ways in that are configured */
        get: operations["getSignInWays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/identity-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Directories and OpenID providers */
        get: operations["listSources"];
        put?: never;
        /** Adds a directory or a provider */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/identity-sources/{sourceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes one; its secret stays when none is given */
        put: operations["changeSource"];
        post?: never;
        /** Removes one that no account comes from */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/identity-sources/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries a directory step by step, without storing anything */
        post: operations["trySource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of the control room: reads of the market day, coverage, silent devices, newest happenings */
        get: operations["getOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events with growing ids: attempt and event carry a LiveItem; resync asks to fetch anew, because what happened since Last-Event-ID is no longer at hand. A comment comes every 5 s. */
        get: operations["openStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Points by part of POD, name, address or meter serial */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Points of measure */
        get: operations["listPoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rows as CSV: UTF-8 with BOM, semicolons; decimal comma when the account's language is Romanian */
        get: operations["exportPoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One point with its installations, device, newest values, channels and plan */
        get: operations["getPoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Subscribers with a contract, of today or of earlier, at the points that one may see */
        get: operations["listSubscribers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rows as CSV: UTF-8 with BOM, semicolons */
        get: operations["exportSubscribers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers/{subscriberId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One subscriber with all contracts */
        get: operations["getSubscriber"];
        /** Other data of a subscriber */
        put: operations["changeSubscriber"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who used the energy of a point, and since when */
        get: operations["listPointContracts"];
        put?: never;
        /** Somebody moves in: the contract that runs at the point ends at the same instant */
        post: operations["startContract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contracts/{contractId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody moves out and nobody moves in */
        post: operations["endContract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contracts/{contractId}/take-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The newest contract of a point was a mistake: it goes, and the one before goes on */
        post: operations["takeBackContract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exchanges of the point's meter, the newest first, also those that were taken back */
        get: operations["listExchanges"];
        put?: never;
        /** Exchanges the meter: one installation ends, the next begins, and the point's energy is derived again from that day on */
        post: operations["makeExchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/exchanges/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what is wrong or doubtful about an exchange and what the point's energy becomes; writes nothing */
        post: operations["checkExchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exchanges/{exchangeId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an exchange back, as long as nothing builds on it */
        post: operations["undoExchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exchanges/{exchangeId}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps a picture of an exchange with its hash; the same picture again is the one that is there */
        post: operations["addExchangePhoto"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exchange-photos/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of an exchange */
        get: operations["getExchangePhoto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of what the point is: from when, to what, who and why; the newest first */
        get: operations["listPointChanges"];
        put?: never;
        /** Gives the point other attributes from an instant on; what was before stays as it was */
        post: operations["changePoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/point-changes/{pointChangeId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a change of a point back, until a later one builds on it */
        post: operations["undoPointChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ratio-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of transformer ratios that were asked for, with what was before; the newest first */
        get: operations["listRatioRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/ratio-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for other transformer ratios of the meter at the point from an instant on; nothing changes until somebody else approves */
        post: operations["requestRatios"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ratio-requests/{requestId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves or refuses a change that somebody else asked for; approved, its energy is derived again */
        post: operations["decideRatios"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ratio-requests/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes one's own request back */
        delete: operations["withdrawRatios"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/load-curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Load curve of one channel over whole market days, at most 400 */
        get: operations["getLoadCurve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/load-curve.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same curve as CSV with local time and offset */
        get: operations["exportLoadCurve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/registers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Register readings of the point's meters, newest first */
        get: operations["listRegisters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/interval-story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the value of an interval came about: raw bytes, exchange, rule, method, person, every version */
        get: operations["tellInterval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/register-story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a register reading came about, with every version of it */
        get: operations["tellRegister"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Communication history, newest first */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of the point's devices, newest first */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks to read the point's device now */
        post: operations["requestRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Master and data keys by name, keys of devices by state and age, changes under way; never a key */
        get: operations["getKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the point's device with states, fingerprints and counters, newest first; never a key */
        get: operations["listPointKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/key-change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for new keys of the point's device: sent, proven by a read, then taken into use */
        post: operations["requestKeyChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/key-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for new keys of the devices of a branch, or of all that have the keys for it */
        post: operations["createKeyChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/key-changes/{keyWorkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back what has not begun; a change under way ends by itself */
        delete: operations["cancelKeyChange"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keys in use, encrypted to recipients (age) */
        post: operations["exportKeyFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes over the keys of a file that was encrypted to us, all of it or nothing */
        post: operations["importKeyFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Networks where devices, directories and providers may be called */
        get: operations["getNetworks"];
        /** Changes them; in force within five seconds */
        put: operations["changeNetworks"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What such lists would say of an address; nothing is called and nothing stored */
        post: operations["tryNetworks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vpn/tunnels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tunnels of devices with state, address and age of keys; those in force first */
        get: operations["listTunnels"];
        put?: never;
        /** Keys and an address for a device; its file is in this answer and nowhere else */
        post: operations["createTunnel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vpn/tunnels/{tunnelId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New keys for a device; the old ones end, the address stays */
        post: operations["renewTunnelKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vpn/tunnels/{tunnelId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a tunnel; the host refuses the device as soon as it has the new list of peers */
        delete: operations["revokeTunnel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vpn/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes over what the tunnels' host says of its peers */
        post: operations["takeTunnelState"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vpn/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The peers for the file of the tunnels' host, with their preshared keys, without its private key */
        post: operations["exportTunnelPeers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Certificates of devices with their state and last use */
        get: operations["listDeviceCertificates"];
        put?: never;
        /** A key and a certificate for a device; its file is in this answer and nowhere else */
        post: operations["issueDeviceCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-certificates/{certificateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a certificate, and the line that stands on it */
        delete: operations["revokeDeviceCertificate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/attempts/{attemptId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One attempt with its stages */
        get: operations["getAttempt"];
        put?: never;
        post?: never;
        /** Asks to cancel an attempt */
        delete: operations["cancelAttempt"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries a device by its URL: the attempt's result says what answered */
        post: operations["createTrial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a device with its meter and point and queues the first read */
        post: operations["createDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Activity log: what people did and what was changed, newest first */
        get: operations["listLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users and pages that are in the activity log */
        get: operations["listLogNames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/communication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who or what asked which device when, and how it ended, newest first */
        get: operations["listCommunication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log.jsonl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries with their hashes, oldest first, as lines of JSON; the last line signs all before it */
        get: operations["exportLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV, newest first; the last line signs all before it */
        get: operations["exportLogCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of points that were brought */
        get: operations["listPointsImportsMade"];
        put?: never;
        /** Brings a file of points; nothing is stored of it until it is run */
        post: operations["createPointsImportFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points-imports/{pointsImportId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file with what it would do, and what is wrong in it */
        get: operations["getPointsImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Another mapping, or corrected cells, before it is run */
        patch: operations["changePointsImportFile"];
        trace?: never;
    };
    "/points-imports/{pointsImportId}/faults.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every fault as CSV */
        get: operations["exportPointsImportFaults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points-imports/{pointsImportId}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stores the lines that are in order */
        post: operations["runPointsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points-imports/{pointsImportId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back what it stored, as far as nothing has happened with it since */
        post: operations["undoPointsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Long work that is open or ended within a day */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{jobId}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What of a job could not be done, and why */
        get: operations["listJobFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{jobId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins no further item; what is done stays */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that somebody should look at: doors, tampering, supply, missing meters; the worst first */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alarms/acknowledgements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says who has seen alarms, when, and what they noted; one that was acknowledged stays as it is */
        post: operations["acknowledgeAlarms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The work list of validation, the worst first, and how much there is by rule */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/findings/{findingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One finding with all that somebody who decides looks at: values, what each method would give, register, like days, rule, edits */
        get: operations["getFinding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/findings/{findingId}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts the estimate that stands at its intervals, or what was measured there */
        post: operations["acceptFinding"];
        /** Takes an acceptance back */
        delete: operations["reopenFinding"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/findings/{findingId}/assignee": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Says who looks after a finding */
        put: operations["assignFinding"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/findings/{findingId}/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lays what a chosen method gives over the finding's intervals, as an edit; above the limit it waits */
        post: operations["chooseEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/acceptances/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What accepting all findings of one rule and one method would settle: these, the energy, ten of them */
        post: operations["previewAcceptance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/acceptances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts the estimates of many findings of one rule and one method, as a job; one that differs by then fails */
        post: operations["acceptFindings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Values that people gave or refused, with what counts there now */
        get: operations["listValueEdits"];
        put?: never;
        /** Gives or refuses values of intervals of a day, as a new version; above the limit of the policy it waits for a second person */
        post: operations["editValues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/edits/{editId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second person decides about an edit that waits */
        post: operations["decideEdit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/edits/{editId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an edit back, as one more version */
        post: operations["undoEdit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a billing month stands: billable points, open findings by rule, branch and age, when it closes */
        get: operations["getQuality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every rule with its thresholds, as they are set today for each class of points */
        get: operations["listValidationRules"];
        put?: never;
        /** Sets a rule for a class of points from a day of measured data on */
        post: operations["setValidationRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/dry-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries settings on what is stored, as a job: how often rules would speak, and what that costs; keeps nothing */
        post: operations["dryRunRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/validation/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a second person is needed, and when the month closes */
        get: operations["getValidationPolicy"];
        /** Sets when a second person is needed, and when the month closes */
        put: operations["setValidationPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Concentrators with state, supply, meters and how much of their journal is not stored yet */
        get: operations["listConcentrators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One concentrator: meters and modules, differences, events and exchanges */
        get: operations["getConcentrator"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Another name or branch for an adopted concentrator */
        patch: operations["changeConcentrator"];
        trace?: never;
    };
    "/equipment/differences/acknowledgements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says who has seen differences between field and configuration, and what they noted */
        post: operations["acknowledgeDifferences"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Branches in which the caller may put a concentrator */
        get: operations["listEquipmentBranches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/adoption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adopts a concentrator from quarantine, or takes back a retired one (`again`): it is read from then on */
        post: operations["adoptConcentrator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/retirement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retires a concentrator: its line is closed and it is turned away; what it brought stays */
        post: operations["retireConcentrator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a hand-over of its meters to another concentrator would do */
        get: operations["handOverEffect"];
        put?: never;
        /** Another concentrator takes its place: the meters are read through that one, this one is retired */
        post: operations["handOverConcentrator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a concentrator for something now, or as soon as it calls; the attempt tells how it went */
        post: operations["requestOfConcentrator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/meters/adoptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adopts meters that it found to points, new ones or such that are there; each is answered for itself */
        post: operations["adoptMeters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/meters/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an exchange that it saw: the new meter takes the old one's point, with both indices */
        post: operations["acceptExchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends other settings to a concentrator: it tries them, and takes them back unless they prove themselves */
        post: operations["proposeSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Concentrators as CSV: UTF-8 with BOM, semicolons */
        get: operations["exportConcentrators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/equipment/{gatewayId}/meters.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Meters and modules of one with their states and open differences, as CSV */
        get: operations["exportGatewayMeters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups with their numbers of members and balance meters, and how many things do not fit together */
        get: operations["listGroups"];
        put?: never;
        /** Makes a group without members */
        post: operations["addGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What does not fit together: points in two groups, groups without balance meter, points without group */
        get: operations["checkGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group-rules/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many points a rule chooses now */
        post: operations["countRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Branches in which groups may be made, and what their rules can choose from */
        get: operations["listGroupOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One group with its balance meters, the groups above and below it, findings and changes */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /** Takes a group off the lists; what it was stays in the log */
        delete: operations["removeGroup"];
        options?: never;
        head?: never;
        /** Gives it another name or rule; its members stay until a change is applied */
        patch: operations["editGroup"];
        trace?: never;
    };
    "/groups/{groupId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its members at an instant */
        get: operations["listGroupMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/members.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its members and balance meters at an instant as CSV, which can be imported again */
        get: operations["exportGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/change-previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The effect of a change of members or balance meters, before anybody makes it */
        post: operations["previewGroupChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the change whose effect was shown; refused when it would have another one by now */
        post: operations["changeGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/changes/{changeId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a change back, which is a change itself */
        post: operations["undoGroupChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/parent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hangs it below another group, or below none, from an instant on */
        post: operations["changeGroupParent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}/curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What went in and what members counted, by quarter-hour and by day, and how much of it is known */
        get: operations["getGroupCurve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/points/{pointId}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups that a point is a member of or balances now */
        get: operations["listPointGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/outlook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What closing a month would meet: points that are ready, and what stands in the way of the others */
        get: operations["readBillingOutlook"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/closings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Closings of months, the newest first */
        get: operations["listBillingCloses"];
        put?: never;
        /** Asks to close a month; nothing is frozen until somebody else decides */
        post: operations["askBillingClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/closings/{closeId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a month that somebody else asked for, by a job, or refuses it. Nothing opens a month again */
        post: operations["decideBillingClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/closings/{closeId}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each point's month was when it was closed */
        get: operations["listBilledValues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/closings/{closeId}/values.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV */
        get: operations["exportBilledValues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What of a billed month is another one by now: old and new energy, who and why; the newest first */
        get: operations["listBillingCorrections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/corrections.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV */
        get: operations["exportBillingCorrections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/correction-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares a billed month with what it is now, and lists what differs */
        post: operations["runBillingCorrections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/corrections/{correctionId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets late values count instead of estimates that were billed, or leaves the estimates */
        post: operations["decideHeldValues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long what is kept and for what, what a run would take now, and what runs took */
        get: operations["getRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retention/{retentionClass}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps a class of data for another time; nothing is taken until a run is asked for */
        put: operations["setRetention"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retention/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes what is older than its class says, by a job. It cannot be taken back */
        post: operations["runRetention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/field-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files that were taken in, by whom and when, and which were taken back */
        get: operations["listFieldImports"];
        put?: never;
        /** Takes in a dump of a concentrator or a file of a hand-held; the same file again changes nothing */
        post: operations["createFieldImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/field-imports/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what a file holds, what of it is new, differs or is refused, and writes nothing */
        post: operations["checkFieldImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/field-imports/{importId}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an import back: values are as they were before, what was changed since stays */
        post: operations["undoFieldImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be looked at: by words, or the names of given ones */
        get: operations["findSubjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Energy by interval of up to six subjects, with quality and coverage */
        get: operations["getSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/series.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same series as CSV with local time and offset */
        get: operations["exportSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/consumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Energy of a subject by day, month, point or group, beside that of a former time */
        get: operations["getConsumption"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/consumption.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rows, all of them, as CSV */
        get: operations["exportConsumption"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Total, greatest, least and mean of every energy of a subject, with the moment, and the sum of its points' maxima */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/statistics.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rows as CSV */
        get: operations["exportStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The greatest demands: of each point, and of all together with who made them */
        get: operations["getPeaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/peaks.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The greatest demand of each point as CSV */
        get: operations["exportPeaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        IdentitySource: {
            /** @description Source */
            sourceId: number;
            /**
             * @description Directory or OpenID provider
             * @enum {string}
             */
            kind: "ldap" | "oidc";
            /** @description How it is called on the sign-in page */
            label: string;
            /** @description People can sign in by it */
            enabled: boolean;
            /** @description Roles that members of a group hold as long as they are members */
            grants: {
                /** @description DN of the group, or a value of the groups claim */
                group: string;
                /** @description Name of the role, or the key of a ready-made one */
                role: string;
                /** @description From here down; null: everywhere */
                branchId: number | null;
            }[];
            directory?: {
                /** @description Asked in this order: the next when one does not answer */
                servers: string[];
                /** @description Certificates (PEM) of the authorities that vouch for the servers; empty: the well-known ones */
                ca: string;
                /** @description Service account that looks people up; its password is the secret */
                bindDn: string;
                /** @description Where people are looked for, with everything below */
                base: string;
                /** @description LDAP filter of those who may come in */
                peopleFilter: string;
                /** @description Attributes that hold what people type as their name; the first is the account's name */
                nameAttributes: string[];
                /** @description Attribute that never changes: objectGUID, entryUUID */
                idAttribute: string;
                /** @description Attribute with the name for people */
                displayNameAttribute: string;
                /**
                 * @description How groups are found: not; the attribute memberOf (direct ones); the nested ones by Active Directory's matching rule; the nested ones level by level
                 * @enum {string}
                 */
                groups: "none" | "member-of" | "matching-rule" | "walk";
                /** @description Where groups are looked for; empty: where people are */
                groupBase: string;
                /** @description Attribute of a group that names its members: member */
                memberAttribute: string;
                /** @description Lets in only members of a group that has a role here */
                membersOnly: boolean;
            };
            provider?: {
                /** @description Address of the provider, https://…; everything else is found from there */
                issuer: string;
                /** @description Further origins that its addresses may be on; nothing else is ever called */
                otherOrigins: string[];
                /** @description Name of this system at the provider */
                clientId: string;
                /** @description Where the provider sends people back to: https://<this server>/sign-in/callback */
                redirectUri: string;
                /** @description Scopes beside openid: profile, groups */
                scopes: string[];
                /** @description Claim with the sign-in name: preferred_username */
                nameClaim: string;
                /** @description Claim with the name for people: name */
                displayNameClaim: string;
                /** @description Claim with the groups: groups */
                groupsClaim: string;
                /** @description Lets in only members of a group that has a role here */
                membersOnly: boolean;
                /** @description Asked of the provider, one of which its answer must have (acr); none: whatever it does */
                acrValues: string[];
                /** @description Methods (amr) that count as a second factor: otp, hwk, mfa */
                factorMethods: string[];
            };
            /** @description A password or client secret is stored; it is never shown */
            secretThere: boolean;
            /** @description Of a directory */
            servers: {
                /** @description Address */
                server: string;
                /** @description It is not asked for so long: it did not answer; 0 when it is */
                quietSeconds: number;
            }[];
            /**
             * Format: date-time
             * @description Last change (UTC)
             */
            changedAt: string;
        };
        Problem: {
            /** @description Kind of problem, as a relative reference into docs/errors.md */
            type: string;
            /** @description What is wrong, in a few words */
            title: string;
            /** @description HTTP status */
            status: number;
            /** @description Stable code of docs/errors.md: decide on this, never on the text */
            code: string;
            /** @description What is wrong with this request */
            detail?: string;
            /** @description Id to quote: the same stands in the log */
            reference: string;
            /** @description What is wrong with which input, by its path */
            fields?: {
                [key: string]: string;
            };
            /** @description The right that is missing, as page.level */
            action?: string;
            /** @description People who can give it */
            ask?: string[];
        };
        Session: {
            account: {
                /** @description Account */
                accountId: number;
                /** @description Sign-in name */
                name: string;
                /** @description Name for people */
                displayName: string;
                /**
                 * @description Language of the interface
                 * @enum {string}
                 */
                language: "ro" | "en";
            };
            /** @description Goes into the header x-csrf-token of every call that changes something */
            csrfToken: string;
            /** @description The session ends after so many seconds without a call */
            idleSeconds: number;
            /** @description What the person may do somewhere, each as page.level */
            actions: string[];
            /** @description Branches to which the grants reach, with all below them; null: the whole network */
            branches: string[][] | null;
            /** @description Name of the person as whom the session looks; then it changes nothing */
            seenAs: string | null;
        };
        TrialResult: {
            /** @description What the device claims to be */
            identity: string;
            /** @description Meter model recognised, by its name in the model table */
            model: string;
            /** @description Manufacturer as the device names it */
            manufacturer: string;
            /** @description Device clock minus our clock, ms */
            clockOffsetMs: number | null;
            registers: {
                /** @description OBIS code in full */
                obis: string;
                /** @description Value in `unit`, exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
            }[];
            profile: {
                /** @description OBIS code of the load profile */
                obis: string;
                /** @description Length of an interval, s */
                periodSeconds: number;
                columns: {
                    /** @description OBIS code in full */
                    obis: string;
                    /** @description Unit */
                    unit: string;
                    /** @description delta, index, demand or instant */
                    kind: string;
                }[];
            } | null;
        };
        Attempt: {
            /** @description Attempt */
            attemptId: number;
            deviceId: number | null;
            pointId: number | null;
            /**
             * @description Why the device is read
             * @enum {string}
             */
            cause: "plan" | "read-now" | "trial" | "call-in" | "push" | "key-change" | "gateway";
            /** @description What a concentrator was asked for: scan, read-all, set-clocks, read-state, configure, reread, drain */
            asked: string | null;
            /** @description Name of the account that asked; null for planned reads */
            requestedBy: string | null;
            /**
             * Format: date-time
             * @description Asked at (UTC)
             */
            requestedAt: string;
            /**
             * @description Where the attempt stands
             * @enum {string}
             */
            state: "queued" | "connecting" | "reading" | "storing" | "done" | "failed" | "cancelled";
            stages: {
                stage: string;
                /**
                 * Format: date-time
                 * @description Reached at (UTC)
                 */
                at: string;
            }[];
            /**
             * Format: date-time
             * @description Started at (UTC)
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description Ended at (UTC)
             */
            endedAt: string | null;
            /** @description Bytes sent to the device */
            bytesSent: number;
            /** @description Bytes received from the device */
            bytesReceived: number;
            /** @description Intervals read */
            intervals: number;
            /** @description Register values read */
            registers: number;
            /** @description Events read */
            events: number;
            /** @description Code of docs/errors.md when it failed */
            errorCode: string | null;
            /** @description What exactly happened */
            errorDetail: string | null;
            result: components["schemas"]["TrialResult"] | null;
        };
        AttemptItem: {
            /** @enum {string} */
            type: "attempt";
            /**
             * Format: date-time
             * @description When it happened (UTC)
             */
            at: string;
            /** @description Device */
            deviceId: number | null;
            /** @description Point of the device's meter */
            pointId: number | null;
            /** @description POD code of that point */
            pod: string | null;
            /** @description Name of that point */
            name: string | null;
            /** @description Attempt */
            attemptId: number;
            /**
             * @description Where the attempt stands
             * @enum {string}
             */
            state: "queued" | "connecting" | "reading" | "storing" | "done" | "failed" | "cancelled";
            /**
             * @description Why the device is read
             * @enum {string}
             */
            cause: "plan" | "read-now" | "trial" | "call-in" | "push" | "key-change" | "gateway";
            /** @description Code when it failed */
            errorCode: string | null;
            /** @description Intervals read so far */
            intervals: number;
            /** @description Register values read so far */
            registers: number;
            /** @description Events read so far */
            events: number;
        };
        EventItem: {
            /** @enum {string} */
            type: "event";
            /**
             * Format: date-time
             * @description When it happened (UTC)
             */
            at: string;
            /** @description Device */
            deviceId: number | null;
            /** @description Point of the device's meter */
            pointId: number | null;
            /** @description POD code of that point */
            pod: string | null;
            /** @description Name of that point */
            name: string | null;
            /** @description Code of the event table */
            code: string;
            /** @description Name of the code; pages translate it */
            eventName: string | null;
        };
        LiveItem: components["schemas"]["AttemptItem"] | components["schemas"]["EventItem"];
        PointRow: {
            /** @description Point */
            pointId: number;
            /** @description Code of the point of delivery */
            pod: string;
            /** @description Name of the point */
            name: string;
            /** @description Address of the location */
            address: string;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description 1 or 3 */
            phases: number;
            /** @description Serial number of the meter now installed */
            serial: string | null;
            /** @description Its manufacturer */
            manufacturer: string | null;
            /** @description Its model */
            model: string | null;
            /**
             * @description talking: heard of in time; silent: not heard of for three periods of its plan, at least an hour; never: not heard of yet; none: no device
             * @enum {string}
             */
            state: "talking" | "silent" | "never" | "none";
            /**
             * Format: date-time
             * @description Last contact with the device (UTC)
             */
            lastContactAt: string | null;
            /** @description Newest reading of the active import register */
            lastIndex: {
                /** @description Value in `unit`, exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
                /**
                 * Format: date-time
                 * @description Measured at (UTC)
                 */
                measuredAt: string;
            } | null;
        };
        Channel: {
            /** @description Channel */
            channelId: number;
            /**
             * @description meter: as the meter counted; point: energy of the point, after the factors
             * @enum {string}
             */
            layer: "meter" | "point";
            /** @description OBIS code in full */
            obis: string;
            /**
             * @description How the values follow each other
             * @enum {string}
             */
            kind: "delta" | "index" | "demand" | "instant";
            /** @description Unit */
            unit: string;
            /** @description Power of ten: value in `unit` = integer × 10^scale */
            scale: number;
            /** @description Length of an interval, s */
            periodSeconds: number;
            /** @description First market day with values */
            firstDay: string | null;
            /** @description Last market day with values */
            lastDay: string | null;
            /** @description Serial number of the meter, for the meter layer */
            serial: string | null;
        };
        Point: {
            /** @description Point */
            pointId: number;
            /** @description Code of the point of delivery */
            pod: string;
            /** @description Name of the point */
            name: string;
            /** @description Address of the location */
            address: string;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /**
             * Format: date-time
             * @description What is shown was valid at this instant; null: now (UTC)
             */
            on: string | null;
            /** @description 1 or 3 */
            phases: 1 | 3;
            /**
             * @description Voltage level
             * @enum {string}
             */
            voltage: "low" | "medium" | "high";
            /**
             * @description Direction of energy
             * @enum {string}
             */
            direction: "import" | "export" | "both";
            /**
             * @description Category of the point
             * @enum {string}
             */
            category: "unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network";
            /** @description Approved power, W */
            approvedPowerW: number | null;
            /** @description A protected customer */
            isProtected: boolean;
            /** @description There is a contract for what is fed in; null: nobody said */
            exportContract: boolean | null;
            /** @description Energy that a year is expected to need, Wh */
            expectedYearWh: number | null;
            /** @description Point whose meter measures the same line */
            checkPointId: number | null;
            /** @description Point whose meter measures the same line, where it is one of your own */
            checkPoint: {
                /** @description Point */
                pointId: number;
                /** @description Its code */
                pod: string;
                /** @description Its name */
                name: string;
            } | null;
            location: {
                latitude: number;
                longitude: number;
            } | null;
            /**
             * @description talking: heard of in time; silent: not heard of for three periods of its plan, at least an hour; never: not heard of yet; none: no device
             * @enum {string}
             */
            state: "talking" | "silent" | "never" | "none";
            /** @description Newest first */
            installations: {
                /** @description Installation */
                installationId: number;
                /** @description Meter */
                meterId: number;
                /** @description Serial number of the meter */
                serial: string;
                /** @description Manufacturer */
                manufacturer: string;
                /** @description Meter model */
                model: string;
                /**
                 * Format: date-time
                 * @description Installed at (UTC)
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description Removed at; null while it stands (UTC)
                 */
                to: string | null;
                /** @description Current transformer ratio, exact decimal */
                ctRatio: string;
                /** @description Voltage transformer ratio, exact decimal */
                vtRatio: string;
                /** @description The meter shows primary values: the ratios are shown, not applied */
                primaryValues: boolean;
                /** @description What meter values are multiplied by, exact decimal */
                factor: string;
                /** @description Pulses of the light on its front for a kWh, exact decimal */
                ledPulsesPerKwh: string | null;
                /** @description Wh of a pulse of its output, exact decimal */
                outputPulseWh: string | null;
            }[];
            device: {
                /** @description Device */
                deviceId: number;
                /** @description What the device claims to be */
                identity: string;
                /** @description Meter model */
                model: string;
                /** @description Address, without secrets */
                url: string;
                /**
                 * @description Whether we call it or it calls us
                 * @enum {string}
                 */
                direction: "dial" | "call-in";
                /** @description It is read */
                enabled: boolean;
                /**
                 * @description State of the link now
                 * @enum {string}
                 */
                state: "closed" | "connecting" | "open";
                /**
                 * Format: date-time
                 * @description Last contact (UTC)
                 */
                lastContactAt: string | null;
                /**
                 * Format: date-time
                 * @description Last read without error (UTC)
                 */
                lastSuccessAt: string | null;
                /** @description Code of the last error */
                lastErrorCode: string | null;
                /** @description Device clock minus our clock, ms */
                clockOffsetMs: number | null;
            } | null;
            /** @description Newest value of every register of the meter now installed */
            now: {
                /** @description OBIS code in full */
                obis: string;
                /** @description Value in `unit`, exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
                /**
                 * Format: date-time
                 * @description Measured at (UTC)
                 */
                measuredAt: string;
                /** @description Quality bits */
                flags: number;
            }[];
            channels: components["schemas"]["Channel"][];
            plan: {
                /** @description Reading plan */
                name: string;
                /** @description Period of the plan, s */
                everySeconds: number;
                /**
                 * Format: date-time
                 * @description Next planned read (UTC)
                 */
                nextAt: string;
            } | null;
            chain: {
                /** @description Concentrator through which the meter is read */
                gatewayId: number;
                /** @description Its name */
                gateway: string;
                /**
                 * @description online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours
                 * @enum {string}
                 */
                gatewayState: "online" | "silent" | "shutdown" | "quarantine" | "retired";
                /**
                 * Format: date-time
                 * @description Last heard of (UTC)
                 */
                gatewayContactAt: string | null;
                /** @description It has a line to a head-end now */
                hasLine: boolean;
                /** @description Line of the concentrator */
                line: string;
                /** @description Address on the line */
                address: string;
                /** @description Local module that the meter hangs on */
                module: string | null;
                moduleState: ("new" | "known" | "missing" | "moved" | "exchanged" | "removed") | null;
                /** @description Input of that module */
                input: number | null;
                /**
                 * @description What the concentrator says of a meter
                 * @enum {string}
                 */
                meterState: "new" | "known" | "missing" | "moved" | "exchanged" | "removed";
                /**
                 * Format: date-time
                 * @description Last contact of the concentrator with the meter (UTC)
                 */
                meterContactAt: string | null;
            } | null;
        };
        LoadCurve: {
            channel: components["schemas"]["Channel"];
            /** @description Market zone */
            zone: string;
            /**
             * Format: date-time
             * @description The past that is shown; null: what is known now (UTC)
             */
            knownAt: string | null;
            /** @description First day */
            from: string;
            /** @description Day after the last one */
            to: string;
            /**
             * Format: date-time
             * @description Start of the first interval (UTC)
             */
            start: string;
            /** @description Length of an interval, s: interval i starts at start + i × step */
            stepSeconds: number;
            /** @description Unit */
            unit: string;
            /** @description Power of ten: value in `unit` = integer × 10^scale */
            scale: number;
            /** @description One value per interval without a break, also over clock changes; null where nothing is stored */
            values: (number | null)[];
            /** @description Runs of quality other than good: first index, count, quality bits */
            flags: number[][];
            days: {
                /** @description Market-local date */
                day: string;
                /** @description Index of the day's first interval in `values` */
                firstIndex: number;
                /** @description Intervals of this day: 92, 96 or 100 at 15 minutes */
                slots: number;
                /** @description Sum of the present values */
                sum: number | null;
                /** @description Largest value */
                max: number | null;
                /** @description Index in `values` of the first largest value */
                maxAtIndex: number | null;
                /** @description Intervals present and good */
                ok: number;
                /** @description Version of the day; 0 when nothing is stored */
                version: number;
            }[];
            coverage: {
                /** @description Intervals of the period that have ended by now */
                expected: number;
                /** @description Of these, with a value */
                present: number;
                /** @description Of these, with a good value */
                good: number;
                /** @description Of these, with an estimated value */
                estimated: number;
            };
        };
        StoryDelivery: {
            /**
             * Format: date-time
             * @description Received at (UTC)
             */
            receivedAt: string;
            /** @description Device that it came from */
            deviceId: number | null;
            /** @description What the device claims to be */
            identity: string | null;
            /** @description Address of the device, without secrets */
            url: string | null;
            attemptId: number | null;
            /** @description Why the device was asked: plan, read-now, call-in, push, gateway … */
            cause: string | null;
            /** @description Account that asked; null for planned reads */
            requestedBy: string | null;
            /**
             * Format: date-time
             * @description The attempt began at (UTC)
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description The attempt ended at (UTC)
             */
            endedAt: string | null;
            /** @description Raw bytes as they came, at most 20 blocks */
            blocks: {
                /** @description Block */
                blockId: number;
                /** @description What the bytes are */
                kind: string;
                /** @description SHA-256 of the bytes, hexadecimal */
                sha256: string;
                /** @description The first 4,096 bytes; null when only the hash is still kept */
                hex: string | null;
                /** @description Bytes of the whole block; null when only the hash is still kept */
                length: number | null;
            }[];
        };
        ChannelStory: {
            /** @description Channel */
            channelId: number;
            /** @description OBIS code in full */
            obis: string;
            /** @description Unit */
            unit: string;
            /** @description Power of ten */
            scale: number;
            meter: {
                /** @description Serial number */
                serial: string;
                /** @description Meter model */
                model: string;
                /** @description What its values are multiplied by, exact decimal */
                factor: string;
            } | null;
            /** @description The newest first */
            versions: {
                /** @description Version of the day */
                version: number;
                /** @description The channel's integer: value in `unit` = integer × 10^scale; null for no value */
                value: number | null;
                /** @description Quality bits */
                flags: number;
                /**
                 * Format: date-time
                 * @description Counted from; null: before that was written down (UTC)
                 */
                knownFrom: string | null;
                /**
                 * Format: date-time
                 * @description Counted until; null: it counts (UTC)
                 */
                knownTo: string | null;
                /**
                 * @description How it came about
                 * @enum {string}
                 */
                origin: "measured" | "estimated" | "edited" | "verified";
                /** @description Method of the estimate, such as E4+S */
                method: string | null;
                edit: {
                    /** @description Edit */
                    editId: number;
                    /** @description Reason code */
                    reason: string;
                    /** @description Comment */
                    comment: string;
                    /** @description Account that gave the value */
                    requestedBy: string;
                    /**
                     * Format: date-time
                     * @description Given at (UTC)
                     */
                    requestedAt: string;
                    /** @description Second person; null where none was needed */
                    decidedBy: string | null;
                    /** @description Who took it back */
                    undoneBy: string | null;
                    /**
                     * Format: date-time
                     * @description Taken back at (UTC)
                     */
                    undoneAt: string | null;
                    /** @description Why it was taken back */
                    undoComment: string | null;
                } | null;
                /** @description What brought it; null for what nobody delivered, or where nothing of it is kept */
                delivery: components["schemas"]["StoryDelivery"] | null;
            }[];
        };
        IntervalStory: {
            /**
             * Format: date-time
             * @description Start of the interval (UTC)
             */
            from: string;
            /**
             * Format: date-time
             * @description Its end (UTC)
             */
            to: string;
            /** @description Market-local date */
            day: string;
            own: components["schemas"]["ChannelStory"];
            /** @description Channels of the meter that it was derived from; none for a meter's own */
            sources: components["schemas"]["ChannelStory"][];
            findings: {
                /** @description Rule of validation */
                rule: string;
                /** @description What it found, as a code */
                words: string;
                /**
                 * @description F refuses the interval, W is to be looked at, I is noted
                 * @enum {string}
                 */
                severity: "F" | "W" | "I";
                /** @description open, accepted, estimated, edited or cleared */
                state: string;
                /**
                 * Format: date-time
                 * @description Found at (UTC)
                 */
                since: string;
                /** @description Who decided; null: the system */
                changedBy: string | null;
                /** @description What was noted */
                note: string;
            }[];
        };
        RegisterStory: {
            /** @description OBIS code in full */
            obis: string;
            /** @description Unit */
            unit: string;
            /**
             * Format: date-time
             * @description Measured at (UTC)
             */
            measuredAt: string;
            /** @description Serial number of the meter */
            serial: string;
            /** @description Meter model */
            model: string;
            /** @description Factor of the installation, exact decimal */
            factor: string;
            /** @description The newest first */
            versions: {
                /** @description Version */
                version: number;
                /** @description Value in `unit`, exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
                /** @description Quality bits */
                flags: number;
                /**
                 * Format: date-time
                 * @description Counted from (UTC)
                 */
                receivedAt: string;
                /**
                 * Format: date-time
                 * @description Counted until; null: it counts (UTC)
                 */
                replacedAt: string | null;
                /** @description What brought it; null for what nobody delivered, or where nothing of it is kept */
                delivery: components["schemas"]["StoryDelivery"] | null;
            }[];
        };
        Operations: {
            /**
             * Format: date-time
             * @description When these figures were taken (UTC)
             */
            asOf: string;
            /** @description Devices that are read */
            devices: number;
            /** @description Attempts queued or under way */
            attemptsOpen: number;
            read: {
                /** @description Attempts that ended well since the market day began */
                done: number;
                /** @description Attempts that failed since the market day began */
                failed: number;
                /** @description Devices whose planned read is more than five minutes overdue */
                late: number;
                /** @description Attempts ended since the market day began */
                total: number;
                /** @description done of total, percent; null without attempts */
                successPercent: number | null;
                byHour: {
                    /**
                     * Format: date-time
                     * @description Start of the hour (UTC)
                     */
                    hour: string;
                    /** @description Done */
                    done: number;
                    /** @description Failed */
                    failed: number;
                }[];
            };
            coverage: {
                /** @description The last whole market day */
                day: string;
                /** @description Intervals that the points' channels should have */
                expected: number;
                /** @description Of these, with a value */
                present: number;
                /** @description Of these, with a good value */
                good: number;
            };
            silent: {
                /** @description Devices not heard of for three periods of their plan, at least an hour */
                count: number;
                /** @description At most 50, longest silent first; not those behind a concentrator that is away */
                rows: {
                    /** @description Point */
                    pointId: number | null;
                    /** @description POD code */
                    pod: string | null;
                    /** @description Name of the point */
                    name: string | null;
                    /** @description Device */
                    deviceId: number;
                    /**
                     * Format: date-time
                     * @description Last contact (UTC)
                     */
                    lastContactAt: string | null;
                    /** @description Code of the last error */
                    lastErrorCode: string | null;
                    /** @description Seconds since the last contact; null when there never was one */
                    silentSeconds: number | null;
                }[];
            };
            /** @description Concentrators that are away, at most 50, those with the most points first */
            concentrators: {
                /** @description Concentrator */
                gatewayId: number;
                /** @description Its name */
                name: string;
                /** @description Names of the branch and of those above it, from the top down */
                branch: string[];
                /**
                 * @description shutdown: it said that it would go
                 * @enum {string}
                 */
                state: "silent" | "shutdown";
                /**
                 * Format: date-time
                 * @description Last heard of (UTC)
                 */
                lastContactAt: string | null;
                /** @description Seconds since then */
                silentSeconds: number | null;
                /** @description Points that are read through it */
                points: number;
            }[];
            branches: {
                /** @description Branch */
                branchId: number;
                /** @description Branch above it */
                parentId: number | null;
                /** @description Names of the branch and of those above it, from the top down */
                path: string[];
                /** @description Points of the branch and of those below it */
                points: number;
                /** @description Of these, with a silent device */
                silent: number;
                /** @description Intervals expected on the coverage day */
                expected: number;
                /** @description Of these, present */
                present: number;
            }[];
            /** @description Newest 50, newest first */
            feed: components["schemas"]["LiveItem"][];
        };
        SystemHealth: {
            /**
             * Format: date-time
             * @description When these figures were taken (UTC)
             */
            asOf: string;
            /**
             * @description The worst of all measures
             * @enum {string}
             */
            level: "good" | "warning" | "bad" | "none";
            measures: {
                /** @description Name of the measure */
                name: string;
                /**
                 * @description What it is about
                 * @enum {string}
                 */
                group: "people" | "devices" | "data" | "queue" | "machine" | "supply" | "database" | "certificate" | "backup" | "replica";
                /**
                 * @description Unit of value, warning and bad
                 * @enum {string}
                 */
                unit: "count" | "bytes" | "bytes-per-minute" | "per-minute" | "percent" | "seconds" | "days" | "ms";
                /** @description Value; null when there is none */
                value: number | null;
                /**
                 * @description How it stands; none without a value
                 * @enum {string}
                 */
                level: "good" | "warning" | "bad" | "none";
                /** @description Bound of a warning */
                warning: number | null;
                /** @description Bound of what is bad */
                bad: number | null;
                /**
                 * @description On which side of the bounds it is not good, the bound included
                 * @enum {string}
                 */
                bound: "above" | "below";
                /** @description Code of docs/errors.md that says why it is bad */
                code: string | null;
            }[];
            /** @description The last day */
            history: {
                /** @description Name of the measure */
                name: string;
                at: string[];
                values: number[];
            }[];
            roles: {
                /** @description Role of the database */
                role: string;
                /** @description Program that uses it */
                program: string;
                /** @description Connections */
                connections: number;
                /** @description Of these, with a transaction older than a minute */
                longTransactions: number;
            }[];
            replicas: {
                /** @description Name of the replica */
                name: string;
                /** @description State of its stream */
                state: string;
                /** @description WAL that it has not replayed */
                lagBytes: number | null;
                /** @description How old what it shows is */
                lagSeconds: number | null;
            }[];
            backup: {
                /** @description Where the backups lie; null when nobody ever backed up */
                folder: string | null;
                /**
                 * Format: date-time
                 * @description All that was committed before is in the archive (UTC)
                 */
                coveredAt: string | null;
                /** @description The last base backup, and the last good one before a failed one */
                base: {
                    /**
                     * @description How it stands
                     * @enum {string}
                     */
                    state: "running" | "done" | "failed";
                    /**
                     * Format: date-time
                     * @description Start (UTC)
                     */
                    startedAt: string;
                    /**
                     * Format: date-time
                     * @description End (UTC)
                     */
                    endedAt: string | null;
                    /** @description Line and base backup */
                    backup: string | null;
                    /** @description Sealed bytes of a base backup; bytes that a check restored */
                    bytes: number | null;
                    /** @description Why it failed */
                    errorCode: string | null;
                }[];
                /** @description The last restore check, and the last good one before a failed one */
                check: {
                    /**
                     * @description How it stands
                     * @enum {string}
                     */
                    state: "running" | "done" | "failed";
                    /**
                     * Format: date-time
                     * @description Start (UTC)
                     */
                    startedAt: string;
                    /**
                     * Format: date-time
                     * @description End (UTC)
                     */
                    endedAt: string | null;
                    /** @description Line and base backup */
                    backup: string | null;
                    /** @description Sealed bytes of a base backup; bytes that a check restored */
                    bytes: number | null;
                    /** @description Why it failed */
                    errorCode: string | null;
                }[];
            };
            certificate: {
                /** @description SHA-256 of the certificate; null without TLS */
                fingerprint: string | null;
                /**
                 * Format: date-time
                 * @description Its end (UTC)
                 */
                endsAt: string | null;
                /** @description Made by this installation */
                own: boolean;
                names: string[];
            };
        };
        Grant: {
            /** @description Grant */
            grantId: number;
            /** @description Whose */
            accountId: number;
            /** @description Sign-in name */
            name: string;
            /** @description Name for people */
            displayName: string;
            /** @description The account may not sign in */
            disabled: boolean;
            /** @description Role; null for an exception */
            roleId: number | null;
            /** @description Name of the role */
            role: string | null;
            /** @description Which ready-made role it is; null for another */
            ready: string | null;
            /** @description The one right of an exception, as page.level */
            action: string | null;
            /** @description Branch; null: the whole network */
            branchId: number | null;
            /** @description Branch; null: the whole network */
            branch: string[] | null;
            /** @description Supplier whose points it is for; null: whatever the supplier */
            supplier: string | null;
            /**
             * Format: date-time
             * @description In force from (UTC)
             */
            validFrom: string;
            /**
             * Format: date-time
             * @description In force until; null: until somebody takes it away (UTC)
             */
            validUntil: string | null;
            /** @description Why */
            reason: string;
            /** @description Who gave it; null: the system */
            grantedBy: string | null;
            /**
             * Format: date-time
             * @description When it was given (UTC)
             */
            grantedAt: string;
            /**
             * Format: date-time
             * @description When it last let a call in, to the hour (UTC)
             */
            lastUsedAt: string | null;
            /** @description Who last confirmed it */
            reviewedBy: string | null;
            /**
             * Format: date-time
             * @description When it was last confirmed (UTC)
             */
            reviewedAt: string | null;
        };
        Person: {
            /** @description Account */
            accountId: number;
            /** @description Sign-in name */
            name: string;
            /** @description Name for people */
            displayName: string;
            /**
             * @description Language of the interface
             * @enum {string}
             */
            language: "ro" | "en";
            /** @description May not sign in */
            disabled: boolean;
            /** @description Sealed for the day on which nothing else works */
            breakGlass: boolean;
            /** @description Directory or provider that vouches; null for an account of this system */
            source: string | null;
            /**
             * Format: date-time
             * @description Made (UTC)
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description Last signed in (UTC)
             */
            lastSignedInAt: string | null;
            /** @description Refused: unused for longer than the policy allows, until it is renewed */
            unused: boolean;
            /**
             * Format: date-time
             * @description Until when the invitation opens; null without one (UTC)
             */
            invitedUntil: string | null;
            grants: components["schemas"]["Grant"][];
        };
        LogEntry: {
            /** @description Number of the entry: without gaps */
            seq: number;
            /**
             * Format: date-time
             * @description When (UTC)
             */
            at: string;
            /**
             * @description What people did; what was changed
             * @enum {string}
             */
            kind: "application" | "parametrisation";
            /**
             * @description An alarm asks for a look
             * @enum {string}
             */
            severity: "normal" | "security" | "alarm";
            /** @description Account, `process:…`, or `unknown/sql` for what came past every process */
            actor: string;
            /** @description Database role that wrote it */
            role: string;
            /** @description First digits of the session's hash */
            session: string | null;
            /** @description Where the call came from */
            address: string | null;
            /** @description Page */
            page: string | null;
            /** @description operationId or command */
            operation: string | null;
            /** @description What was done: add, change, remove, view, export, sign-in … */
            action: string;
            /** @description Kind of the thing */
            objectType: string | null;
            /** @description Its id */
            objectId: string | null;
            /** @description What people call it: POD, serial number, name */
            objectName: string | null;
            /** @description The point that it belongs to */
            pointId: number | null;
            /** @description Number of records */
            records: number;
            /** @description Initial values of the fields that changed; *** is a secret, #… a personal value's hash */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description Final values */
            after: {
                [key: string]: unknown;
            } | null;
            /** @description Why */
            reason: string | null;
        };
        Alarm: {
            /** @description Device that told of it */
            deviceId: number;
            /**
             * Format: date-time
             * @description Happened at, by the device's clock (UTC)
             */
            at: string;
            /** @description Code of the event table */
            code: string;
            /** @description Tells apart equal events of one instant */
            seq: number;
            /** @description Name of the code; pages translate it */
            eventName: string | null;
            /**
             * @description critical: somebody now; medium: somebody today; low: to be known
             * @enum {string}
             */
            severity: "critical" | "medium" | "low";
            /**
             * Format: date-time
             * @description Received at (UTC)
             */
            receivedAt: string;
            detail: {
                [key: string]: string | number | boolean;
            } | null;
            /**
             * Format: date-time
             * @description When the device said that it is over; null while it lasts or has no end (UTC)
             */
            endedAt: string | null;
            /**
             * Format: date-time
             * @description When somebody said that they have seen it (UTC)
             */
            acknowledgedAt: string | null;
            /** @description Name of the account that said so */
            acknowledgedBy: string | null;
            /** @description What they noted */
            note: string | null;
            /** @description Identity of the device */
            identity: string;
            /** @description Point where the device's meter stood */
            pointId: number | null;
            /** @description POD code of that point */
            pod: string | null;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
        };
        ConcentratorRow: {
            /** @description Concentrator */
            gatewayId: number;
            /** @description Its own device, which its attempts and events hang on; null in quarantine */
            deviceId: number | null;
            /** @description Name of its logical device 1 */
            identity: string;
            /** @description What people call it; empty in quarantine */
            name: string;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description Where it stands */
            address: string | null;
            /**
             * @description online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours
             * @enum {string}
             */
            state: "online" | "silent" | "shutdown" | "quarantine" | "retired";
            /**
             * Format: date-time
             * @description Last heard of (UTC)
             */
            lastContactAt: string | null;
            /**
             * Format: date-time
             * @description When it said that it would go (UTC)
             */
            shutdownAt: string | null;
            /**
             * @description What it is fed from
             * @enum {string}
             */
            supply: "mains" | "backup" | "battery-low" | "shutting-down" | "unknown";
            /** @description Firmware */
            firmware: string;
            /** @description Address from which it called last */
            remoteAddress: string | null;
            /** @description Meters and modules behind it */
            meters: number;
            /** @description Of these, missing */
            missing: number;
            /** @description Differences between field and configuration that nobody has looked at */
            differences: number;
            /** @description Entries of its journal that are not stored here yet */
            entriesWaiting: number;
            /**
             * Format: date-time
             * @description Last hand-over that was stored (UTC)
             */
            lastHandOverAt: string | null;
            /** @description Code of the last error */
            lastErrorCode: string | null;
        };
        ImportCheck: {
            /**
             * @description A dump of a concentrator's store, or readings of a hand-held
             * @enum {string}
             */
            kind: "concentrator-dump" | "hand-held" | "load-curves";
            /** @description Concentrator that made the dump */
            identity: string | null;
            /** @description When it was made, as the file says */
            made: string | null;
            /** @description First entry of its journal in the file */
            first: number | null;
            /** @description Last one */
            last: number | null;
            /** @description Entries, or lines that can be used */
            entries: number;
            /** @description Entries that the line has not brought yet */
            beyondCursor: number;
            meters: {
                /** @description Meter */
                name: string;
                /** @description It is known here; entries of others are kept until somebody adopts it */
                adopted: boolean;
                /** @description Intervals in the file */
                intervals: number;
                /** @description Register readings in the file */
                readings: number;
                /** @description Values that are not stored yet: intervals of a dump, readings of a hand-held */
                added: number;
                /** @description Values that are stored otherwise */
                differ: number;
                /** @description Readings that are lower than the one before: they are marked as suspect */
                lower: number;
            }[];
            /** @description The first 500 */
            refused: {
                /** @description Line of the file */
                line: number | null;
                /** @description columns, serial, register, time, time-ahead, value, unit, twice, unknown-meter, two-meters, unreadable */
                reason: string;
                /** @description What stands there */
                text: string;
            }[];
            /** @description Lines or entries that cannot be used */
            refusedTotal: number;
            /** @description Import of this very file that was not taken back */
            before: number | null;
            stored: {
                /** @description Import */
                importId: number;
                /** @description Intervals that are new or changed */
                intervals: number;
                /** @description Readings that are new or changed */
                registers: number;
                /** @description Events that are new */
                events: number;
                /** @description Entries kept for meters that nobody adopted */
                kept: number;
            } | null;
        };
        Concentrator: {
            /** @description Concentrator */
            gatewayId: number;
            /** @description Its own device, which its attempts and events hang on; null in quarantine */
            deviceId: number | null;
            /** @description Name of its logical device 1 */
            identity: string;
            /** @description What people call it; empty in quarantine */
            name: string;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description Where it stands */
            address: string | null;
            /**
             * @description online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours
             * @enum {string}
             */
            state: "online" | "silent" | "shutdown" | "quarantine" | "retired";
            /**
             * Format: date-time
             * @description Last heard of (UTC)
             */
            lastContactAt: string | null;
            /**
             * Format: date-time
             * @description When it said that it would go (UTC)
             */
            shutdownAt: string | null;
            /**
             * @description What it is fed from
             * @enum {string}
             */
            supply: "mains" | "backup" | "battery-low" | "shutting-down" | "unknown";
            /** @description Firmware */
            firmware: string;
            /** @description Address from which it called last */
            remoteAddress: string | null;
            /** @description Meters and modules behind it */
            meters: number;
            /** @description Of these, missing */
            missing: number;
            /** @description Differences between field and configuration that nobody has looked at */
            differences: number;
            /** @description Entries of its journal that are not stored here yet */
            entriesWaiting: number;
            /**
             * Format: date-time
             * @description Last hand-over that was stored (UTC)
             */
            lastHandOverAt: string | null;
            /** @description Code of the last error */
            lastErrorCode: string | null;
            /** @description Oldest entry of its journal that it still holds */
            oldestEntry: number;
            /** @description Newest entry of its journal */
            newestEntry: number;
            /** @description Newest entry that is stored here */
            storedEntry: number;
            /** @description Newest entry that it was told it may forget */
            takenEntry: number;
            /** @description Entries that could not be used, kept as they came */
            poisonEntries: number;
            /** @description Who adopted it */
            adoptedBy: string | null;
            /**
             * Format: date-time
             * @description When (UTC)
             */
            adoptedAt: string | null;
            /** @description Who retired it */
            retiredBy: string | null;
            /**
             * Format: date-time
             * @description When (UTC)
             */
            retiredAt: string | null;
            /** @description Concentrator that took over its meters */
            replacedBy: number | null;
            /** @description What it said of itself when it was asked last */
            status: {
                /**
                 * @description Its modem
                 * @enum {string}
                 */
                modem: "off" | "searching" | "registered" | "connected" | "unknown";
                /** @description Signal that its modem receives, dBm */
                signalDbm: number | null;
                /** @description Battery of its supply unit, percent; 0 where it has none */
                batteryPercent: number;
                /** @description Days until its store is full, by the growth of its last day; 65535 without a bound */
                storeDaysLeft: number;
                /** @description Bytes of its store */
                storeBytes: number;
                /** @description Entries of its journal that it may not forget yet */
                entriesNotTaken: number;
                /** @description Starts so far */
                starts: number;
                /**
                 * Format: date-time
                 * @description Last start (UTC)
                 */
                lastStart: string | null;
            } | null;
            /**
             * Format: date-time
             * @description Called for the first time at (UTC)
             */
            firstSeenAt: string;
            /** @description Meters and local modules; a module is what others name as theirs */
            meterList: {
                /** @description Logical device */
                logicalDevice: number;
                /** @description Maker and serial number */
                name: string;
                /** @description Model */
                model: string;
                /** @description Line of the concentrator */
                line: string;
                /** @description Address on the line */
                address: string;
                /** @description Logical device of the local module that it hangs on */
                module: number | null;
                /** @description Input of that module */
                input: number | null;
                /**
                 * @description What the concentrator says of a meter
                 * @enum {string}
                 */
                state: "new" | "known" | "missing" | "moved" | "exchanged" | "removed";
                /**
                 * Format: date-time
                 * @description Last contact of the concentrator with it (UTC)
                 */
                lastContactAt: string | null;
                /** @description Device here; null while nobody adopted it */
                deviceId: number | null;
                /** @description Point where it stands */
                pointId: number | null;
                /** @description POD code of that point */
                pod: string | null;
            }[];
            /** @description The newest 500 */
            openDifferences: {
                /** @description Difference */
                differenceId: number;
                /** @description Logical device of the meter */
                logicalDevice: number;
                /**
                 * @description What is different
                 * @enum {string}
                 */
                kind: "new" | "missing" | "found" | "moved" | "exchanged" | "removed";
                /**
                 * Format: date-time
                 * @description Seen by the concentrator at (UTC)
                 */
                at: string;
                /** @description Name of the meter */
                name: string;
                /** @description Line and address before, where that changed */
                was: string | null;
                /** @description Line and address now */
                is: string | null;
            }[];
            /** @description Schedule and limits that can be changed from here */
            settings: {
                /**
                 * @description Setting of a concentrator, by its path in the configuration
                 * @enum {string}
                 */
                setting: "schedule.registersEverySeconds" | "schedule.profilesEverySeconds" | "schedule.eventsEverySeconds" | "schedule.sealEverySeconds" | "schedule.scanEverySeconds" | "schedule.clocksEverySeconds" | "schedule.profileBackDays" | "store.keepDays" | "centre.heartbeatSeconds";
                /** @description In force when it was read last; null: its own default, or never read */
                value: number | null;
                /** @description Least */
                min: number;
                /** @description Most */
                max: number;
            }[];
            /** @description Its configuration was read */
            configurationRead: boolean;
            /** @description The newest 20 */
            proposals: {
                /** @description Proposal */
                proposalId: number;
                /**
                 * @description sent: it tries it; rolled-back: it took it back by itself; cancelled: it never took it
                 * @enum {string}
                 */
                state: "queued" | "sent" | "confirmed" | "rolled-back" | "refused" | "cancelled";
                changes: {
                    /**
                     * @description Setting of a concentrator, by its path in the configuration
                     * @enum {string}
                     */
                    setting: "schedule.registersEverySeconds" | "schedule.profilesEverySeconds" | "schedule.eventsEverySeconds" | "schedule.sealEverySeconds" | "schedule.scanEverySeconds" | "schedule.clocksEverySeconds" | "schedule.profileBackDays" | "store.keepDays" | "centre.heartbeatSeconds";
                    /** @description Before */
                    from: number | null;
                    /** @description After */
                    to: number;
                }[];
                /** @description Who */
                proposedBy: string;
                /**
                 * Format: date-time
                 * @description When (UTC)
                 */
                proposedAt: string;
                /** @description Why */
                reason: string;
                /**
                 * Format: date-time
                 * @description Taken by the concentrator (UTC)
                 */
                sentAt: string | null;
                /**
                 * Format: date-time
                 * @description Confirmed, rolled back or refused (UTC)
                 */
                endedAt: string | null;
                /** @description What it said against it */
                error: string;
            }[];
            /** @description Its own newest 100 */
            events: {
                /**
                 * Format: date-time
                 * @description Happened at (UTC)
                 */
                at: string;
                /** @description Code */
                code: string;
                /** @description Name of the code; pages translate it */
                eventName: string | null;
                /**
                 * Format: date-time
                 * @description Received at (UTC)
                 */
                receivedAt: string;
                detail: {
                    [key: string]: string | number | boolean;
                } | null;
            }[];
            /** @description Its newest 50 exchanges */
            attempts: components["schemas"]["Attempt"][];
        };
        PointsImport: {
            /** @description Import */
            pointsImportId: number;
            /** @description Name of the file */
            name: string;
            /** @description Lines below the head */
            lines: number;
            /**
             * @description checked: nothing is stored yet; running and undoing: a job is at it; done; undone
             * @enum {string}
             */
            state: "checked" | "running" | "done" | "undoing" | "undone";
            /** @description Name of the account that brought it */
            madeBy: string;
            /**
             * Format: date-time
             * @description Brought at (UTC)
             */
            madeAt: string;
            jobId: number | null;
            mapping: {
                /** @description Place of the column in the file, from 0 */
                pod?: number;
                /** @description Place of the column in the file, from 0 */
                name?: number;
                /** @description Place of the column in the file, from 0 */
                address?: number;
                /** @description Place of the column in the file, from 0 */
                branch?: number;
                /** @description Place of the column in the file, from 0 */
                phases?: number;
                /** @description Place of the column in the file, from 0 */
                direction?: number;
                /** @description Place of the column in the file, from 0 */
                approvedPower?: number;
                /** @description Place of the column in the file, from 0 */
                latitude?: number;
                /** @description Place of the column in the file, from 0 */
                longitude?: number;
                /** @description Place of the column in the file, from 0 */
                serial?: number;
                /** @description Place of the column in the file, from 0 */
                manufacturer?: number;
                /** @description Place of the column in the file, from 0 */
                model?: number;
                /** @description Place of the column in the file, from 0 */
                maxCurrent?: number;
                /** @description Place of the column in the file, from 0 */
                indexDigits?: number;
                /** @description Place of the column in the file, from 0 */
                installedAt?: number;
                /** @description Place of the column in the file, from 0 */
                ctRatio?: number;
                /** @description Place of the column in the file, from 0 */
                vtRatio?: number;
                /** @description Place of the column in the file, from 0 */
                identity?: number;
                /** @description Place of the column in the file, from 0 */
                url?: number;
            };
            /** @description Head line of the file */
            header: string[];
            /** @description Its first five lines */
            sample: string[][];
            effect: {
                /** @description Lines whose point would come */
                new: number;
                /** @description Lines whose point would change */
                change: number;
                /** @description Lines whose point is so already */
                same: number;
                /** @description Lines with a fault, which are left out */
                faulty: number;
            };
            /** @description The first 500 */
            faults: {
                /** @description Line below the head, from 1 */
                row: number;
                /**
                 * @description What a column of the file holds
                 * @enum {string}
                 */
                column: "pod" | "name" | "address" | "branch" | "phases" | "direction" | "approvedPower" | "latitude" | "longitude" | "serial" | "manufacturer" | "model" | "maxCurrent" | "indexDigits" | "installedAt" | "ctRatio" | "vtRatio" | "identity" | "url";
                /** @description missing, blank-inside, twice, no-number, out-of-range, no-date, unknown-model, unknown-word, no-url, secret-inside, not-allowed or other-meter */
                code: string;
                /** @description What stands there */
                value: string;
                /** @description What it could be instead, when that is plain */
                proposal: string | null;
            }[];
            /** @description Faults in all */
            faultsTotal: number;
            /** @description The first 100 points that would change */
            changes: {
                /** @description Line below the head, from 1 */
                row: number;
                /** @description Code of the point */
                pod: string;
                fields: {
                    /**
                     * @description What a column of the file holds
                     * @enum {string}
                     */
                    field: "pod" | "name" | "address" | "branch" | "phases" | "direction" | "approvedPower" | "latitude" | "longitude" | "serial" | "manufacturer" | "model" | "maxCurrent" | "indexDigits" | "installedAt" | "ctRatio" | "vtRatio" | "identity" | "url";
                    /** @description As it is */
                    before: string;
                    /** @description As it would be */
                    after: string;
                }[];
            }[];
        };
        Job: {
            /** @description Job */
            jobId: number;
            /** @description What it does; pages translate it */
            kind: string;
            /** @description Of what, such as the name of a file */
            label: string;
            /** @description Name of the account that asked for it */
            requestedBy: string;
            /**
             * Format: date-time
             * @description Asked for at (UTC)
             */
            requestedAt: string;
            /**
             * @description Where it stands
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            /**
             * Format: date-time
             * @description Begun at (UTC)
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description Ended at (UTC)
             */
            endedAt: string | null;
            /** @description Items in all; null while nobody knows */
            total: number | null;
            /** @description Items that were looked at */
            done: number;
            /** @description Of these, items that could not be done */
            failed: number;
            /** @description Who asked it to stop */
            cancelRequestedBy: string | null;
            /** @description Why it failed as a whole, a code of docs/errors.md */
            errorCode: string | null;
            /** @description What it brought, by kind */
            result: {
                [key: string]: unknown;
            } | null;
        };
        GroupRow: {
            /** @description Group */
            groupId: number;
            /**
             * @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point
             * @enum {string}
             */
            kind: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
            /** @description Name */
            name: string;
            /** @description Branch in which its points lie; null: the whole network */
            branchId: number | null;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description Group above it, which it enters through its balance meters */
            parentId: number | null;
            /** @description Members at that instant */
            members: number;
            /** @description Balance meters at that instant */
            balanceMeters: number;
            /** @description Groups directly below it */
            children: number;
        };
        Group: {
            /** @description Group */
            groupId: number;
            /**
             * @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point
             * @enum {string}
             */
            kind: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
            /** @description Name */
            name: string;
            /** @description Branch in which its points lie; null: the whole network */
            branchId: number | null;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description Group above it, which it enters through its balance meters */
            parentId: number | null;
            /** @description Members at that instant */
            members: number;
            /** @description Balance meters at that instant */
            balanceMeters: number;
            /** @description Groups directly below it */
            children: number;
            /** @description Rule of a free group; null: its points are chosen one by one */
            rule: {
                /** @description These branches and those below them */
                branchIds?: number[];
                categories?: ("unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network")[];
                /**
                 * @description Phases
                 * @enum {integer}
                 */
                phases?: 1 | 3;
                voltages?: ("low" | "medium" | "high")[];
                /** @description Models of the meter that stands there now */
                models?: string[];
                /** @description Words that all occur in code, name, address, branch, serial number or identity */
                words?: string;
            } | null;
            /** @description Groups above it, from the top down */
            path: {
                /** @description Group */
                groupId: number;
                /** @description Name */
                name: string;
                /**
                 * @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point
                 * @enum {string}
                 */
                kind: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
            }[];
            /** @description Groups directly below it */
            below: components["schemas"]["GroupRow"][];
            /** @description Balance meters at that instant */
            balance: {
                /** @description Point */
                pointId: number;
                /** @description Code of the point */
                pod: string;
                /** @description Name of the point */
                name: string;
                /** @description Address of the location */
                address: string;
                /** @description Serial number of the meter now installed */
                serial: string | null;
                /**
                 * @description 1: counts; −1: counts as given back
                 * @enum {integer}
                 */
                sign: 1 | -1;
                /**
                 * Format: date-time
                 * @description Since (UTC)
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description Until; null while nobody has said (UTC)
                 */
                to: string | null;
            }[];
            /** @description What does not fit together in it */
            findings: {
                /**
                 * @description What does not fit together
                 * @enum {string}
                 */
                kind: "point-twice" | "no-balance-meter" | "below-without-balance" | "balance-is-member" | "cycle" | "outside-branch" | "point-without-group";
                /** @description Group */
                groupId: number | null;
                /** @description Its name */
                group: string | null;
                /** @description Point */
                pointId: number | null;
                /** @description Its code */
                pod: string | null;
                /** @description The second group, or the one above */
                otherGroupId: number | null;
                /** @description Its name */
                otherGroup: string | null;
            }[];
            /** @description The newest 50 */
            changes: {
                /** @description Change */
                changeId: number;
                /**
                 * Format: date-time
                 * @description Made at (UTC)
                 */
                at: string;
                /** @description Who */
                by: string;
                /**
                 * @description What was changed
                 * @enum {string}
                 */
                kind: "members" | "balance" | "parent" | "undo";
                /** @description Why */
                reason: string;
                /** @description Rows that hold since */
                added: number;
                /** @description Rows that held until then */
                ended: number;
                /**
                 * Format: date-time
                 * @description The earliest instant for which something is different (UTC)
                 */
                effectiveFrom: string | null;
                /** @description The change that this one took back */
                undoes: number | null;
                /** @description The change that took this one back */
                undoneBy: number | null;
            }[];
        };
        GroupEffect: {
            /** @description Names this effect: to be given when the change is applied */
            token: string;
            /** @description So many before */
            before: number;
            /** @description So many from then on */
            after: number;
            /** @description Points that come */
            joining: number;
            /** @description Points that go */
            leaving: number;
            /** @description Points that count with another sign */
            signChanged: number;
            /** @description Points for which it is so already */
            unchanged: number;
            /** @description Points that come; the first 200 */
            joiningPoints: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
            }[];
            /** @description Points that go; the first 200 */
            leavingPoints: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
            }[];
            /** @description Points that count with another sign; the first 200 */
            signChangedPoints: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
            }[];
            /** @description Points outside the group's branch: left out; the first 200 */
            refused: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
            }[];
            /** @description Codes that are of no point; the first 200 */
            unknownPods: string[];
            /** @description Points that come and are in another group of the same kind then; the first 200 */
            elsewhere: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
                /** @description Group */
                groupId: number;
                /** @description Its name */
                group: string;
            }[];
            /** @description Points that would be member and balance meter at once; the first 200 */
            bothSides: {
                /** @description Point */
                pointId: number;
                /** @description Code */
                pod: string;
                /** @description Name */
                name: string;
                /** @description Address */
                address: string;
            }[];
        };
        GroupCurve: {
            /** @description Market zone */
            zone: string;
            /** @description First day */
            from: string;
            /** @description Day after the last one */
            to: string;
            /**
             * Format: date-time
             * @description Start of the first interval (UTC)
             */
            start: string;
            /** @description Length of an interval, s */
            stepSeconds: number;
            /** @description Unit */
            unit: string;
            /** @description Power of ten: value in `unit` = integer × 10^scale */
            scale: number;
            /** @description Of the balance meters, by interval; null where nothing is known */
            balance: (number | null)[];
            /** @description Of the members, by interval; null where nothing is known */
            members: (number | null)[];
            /** @description Runs of intervals in which every value of either side is there and good: first index, count */
            whole: number[][];
            total: {
                balance: {
                    energy: string | null;
                    /** @description Values that should be there */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                members: {
                    energy: string | null;
                    /** @description Values that should be there */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                /** @description Null unless both sides are known */
                difference: string | null;
            };
            days: {
                /** @description Market-local date */
                day: string;
                balance: {
                    energy: string | null;
                    /** @description Values that should be there */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                members: {
                    energy: string | null;
                    /** @description Values that should be there */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                /** @description Null unless both sides are known */
                difference: string | null;
            }[];
        };
        EnergySeries: {
            /** @description How to ask for it */
            of: string;
            /** @description What people call it; empty for the system */
            name: string;
            /** @description A second line: the point's name, or the branches above */
            detail: string;
            /** @description Unit of the energy of an interval */
            unit: string;
            /** @description Power of ten: value in `unit` = integer × 10^scale */
            scale: number;
            /**
             * Format: date-time
             * @description Start of the first interval (UTC)
             */
            start: string;
            /** @description Length of an interval, s */
            stepSeconds: number;
            days: {
                /** @description Market-local date */
                day: string;
                /** @description Index of its first interval */
                firstIndex: number;
                /** @description Its intervals that have ended */
                slots: number;
            }[];
            /** @description One value per interval that has ended, without a break; null where nothing is there */
            values: (number | null)[];
            /** @description Runs of quality other than good: first index, count, quality bits of all values in it */
            flags: number[][];
            /** @description Runs of intervals with a value to which some point did not bring its own: first index, count */
            incomplete: number[][];
            coverage: {
                /** @description Values that should be there, of all points together, of intervals that have ended */
                expected: number;
                /** @description Of these, there */
                present: number;
                /** @description Of these, present and good */
                good: number;
                /** @description Of these, estimated */
                estimated: number;
            };
        };
        Consumption: {
            /** @description Market zone */
            zone: string;
            /** @description Unit */
            unit: string;
            /** @description Power of ten: value in `unit` = integer × 10^scale */
            scale: number;
            total: {
                /** @description All of it */
                energy: string | null;
                coverage: {
                    /** @description Values that should be there, of all points together, of intervals that have ended */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, present and good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                before: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
                taken: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
                given: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
            };
            /** @description Days and months in order; points and groups by energy, the greatest first */
            rows: {
                /** @description Day, first day of the month, or subject */
                key: string;
                /** @description Name of a point or group, else empty */
                name: string;
                /** @description Second line of it */
                detail: string;
                /** @description Energy */
                energy: string | null;
                coverage: {
                    /** @description Values that should be there, of all points together, of intervals that have ended */
                    expected: number;
                    /** @description Of these, there */
                    present: number;
                    /** @description Of these, present and good */
                    good: number;
                    /** @description Of these, estimated */
                    estimated: number;
                };
                before: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
                taken: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
                given: {
                    /** @description Integer of the answer's scale; null when nothing is there */
                    energy: string | null;
                    coverage: {
                        /** @description Values that should be there, of all points together, of intervals that have ended */
                        expected: number;
                        /** @description Of these, there */
                        present: number;
                        /** @description Of these, present and good */
                        good: number;
                        /** @description Of these, estimated */
                        estimated: number;
                    };
                } | null;
            }[];
            /** @description Rows that were left off: the file has them all */
            more: number;
        };
        Contract: {
            /** @description Contract */
            contractId: number;
            /** @description Its number */
            number: string;
            /** @description Subscriber */
            subscriberId: number;
            /** @description Name of the subscriber */
            subscriber: string;
            /** @description Point of measure */
            pointId: number;
            /** @description POD code of the point */
            pod: string;
            /**
             * Format: date-time
             * @description Begins at, included (UTC)
             */
            from: string;
            /**
             * Format: date-time
             * @description Ends at, not included; null while it runs (UTC)
             */
            to: string | null;
        };
        Subscriber: {
            /** @description Subscriber */
            subscriberId: number;
            /**
             * @description household: a person at home; organisation: whoever else
             * @enum {string}
             */
            kind: "household" | "organisation";
            /** @description The operator's number of the customer, unique */
            number: string;
            /** @description Name */
            name: string;
            /** @description Telephone; empty when unknown */
            phone: string;
            /** @description E-mail; empty when unknown */
            email: string;
            /** @description Where letters go; empty when it is the point's */
            address: string;
            /** @description At the points that one may see, the newest first */
            contracts: components["schemas"]["Contract"][];
        };
        FindingRow: {
            /** @description Finding */
            findingId: number;
            /** @description Channel of the point */
            channelId: number;
            /** @description Day (market-local date) */
            day: string;
            /** @description Rule, V01 to V21 */
            rule: string;
            /** @description Code of the explanation; pages translate it */
            words: string;
            /**
             * @description F: intervals are refused; W: a person looks; I: noted
             * @enum {string}
             */
            severity: "F" | "W" | "I";
            /**
             * @description Where it stands
             * @enum {string}
             */
            state: "open" | "accepted" | "estimated" | "edited" | "cleared";
            /**
             * Format: date-time
             * @description Found at (UTC)
             */
            since: string;
            /**
             * Format: date-time
             * @description Changed at (UTC)
             */
            changedAt: string;
            /** @description Account; null for the system */
            changedBy: string | null;
            /** @description What somebody noted */
            note: string;
            /** @description Account that looks after it */
            assignedTo: string | null;
            /** @description Intervals that it names; 0 where it is about the day */
            count: number;
            /**
             * Format: date-time
             * @description Start of the first of its intervals, or of the day (UTC)
             */
            from: string;
            /**
             * Format: date-time
             * @description End of the last of its intervals, or of the day (UTC)
             */
            to: string;
            measured: {
                /** @description Exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
            } | null;
            limit: {
                /** @description Exact decimal */
                value: string;
                /** @description Unit */
                unit: string;
            } | null;
            /** @description Parameters of the words */
            figures: {
                [key: string]: string;
            };
            /** @description Point of measure */
            pointId: number;
            /** @description POD code */
            pod: string;
            /** @description Name of the point */
            name: string;
            /** @description Channel, as OBIS */
            obis: string;
            /** @description Unit of the channel */
            unit: string;
            /** @description Power of ten of the channel's integers */
            scale: number;
            /** @description Names of the branch and of those above it, from the top down */
            branch: string[];
            /** @description How its intervals are estimated, when all are by one method: E4+S */
            method: string | null;
            /** @description Sum of what is laid over its intervals, in the channel's integers */
            estimate: number | null;
        };
        Finding: {
            finding: components["schemas"]["FindingRow"];
            /**
             * Format: date-time
             * @description Start of the day (UTC)
             */
            dayStart: string;
            /** @description Length of an interval, s */
            periodSeconds: number;
            /** @description As the meter gave them, by interval, in the channel's integers */
            measured: (number | null)[];
            /** @description As they count */
            counted: (number | null)[];
            /** @description How what counts came about: E4+S, edited, verified; null: measured */
            methods: (string | null)[];
            /** @description Bits of quality of what counts */
            flags: number[];
            /** @description Intervals of the finding */
            slots: number[];
            /** @description Intervals whose measured value does not count */
            refused: number[];
            /** @description What each method that applies would give, in the order in which they are tried */
            estimates: {
                /** @description E4, E4+S */
                method: string;
                /** @description By interval of the day; null where nothing is estimated */
                values: (number | null)[];
                /** @description Sum, in the channel's integers */
                total: number;
                /** @description Days that it is made from */
                sources: string[];
            }[];
            similar: {
                /** @description Like days */
                days: string[];
                /** @description Their mean, by interval */
                values: (number | null)[];
            } | null;
            register: {
                /**
                 * Format: date-time
                 * @description Reading before (UTC)
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description Reading after (UTC)
                 */
                to: string;
                /** @description Step of the register, in the channel's integers */
                step: number;
                /** @description What the other intervals in that time count; null where it is not known */
                measured: number | null;
            } | null;
            rule: {
                /** @description Rule */
                code: string;
                /** @description What it looks at */
                about: string;
                /**
                 * @description F: intervals are refused; W: a person looks; I: noted
                 * @enum {string}
                 */
                severity: "F" | "W" | "I";
                /**
                 * @description Class of the point
                 * @enum {string}
                 */
                pointClass: "household" | "business" | "industry" | "prosumer" | "producer" | "balance";
                /** @description As they are set for that day and class; the unit is the end of the name */
                thresholds: {
                    [key: string]: number;
                };
            };
            /** @description The month is closed for the point: a change is listed as a correction */
            closed: boolean;
            /** @description Edits of the day, the newest first */
            edits: components["schemas"]["ValueEdit"][];
            /** @description The newest first */
            decisions: {
                /**
                 * @description What was decided
                 * @enum {string}
                 */
                decision: "accept" | "accept-estimate" | "undo" | "assign";
                /** @description Account */
                decidedBy: string;
                /**
                 * Format: date-time
                 * @description Decided at (UTC)
                 */
                decidedAt: string;
                /** @description Note */
                note: string;
            }[];
            /** @description Balance of the groups that the point is a member of, on that day */
            groups: {
                /** @description Group */
                groupId: number;
                /** @description Name */
                name: string;
                /**
                 * Format: date-time
                 * @description Start of the day (UTC)
                 */
                start: string;
                /** @description Length of an interval, s */
                stepSeconds: number;
                /** @description Unit */
                unit: string;
                /** @description Balance meters less members, by interval; null where a part is missing */
                difference: (number | null)[];
            }[];
        };
        ValueEdit: {
            /** @description Edit */
            editId: number;
            /** @description Channel of the point */
            channelId: number;
            /** @description Point of measure */
            pointId: number;
            /** @description POD code */
            pod: string;
            /** @description Name of the point */
            name: string;
            /** @description Unit of the channel */
            unit: string;
            /** @description Power of ten of the channel's integers */
            scale: number;
            /** @description Day (market-local date) */
            day: string;
            /**
             * Format: date-time
             * @description Start of the day (UTC)
             */
            dayStart: string;
            /** @description Length of an interval, s */
            periodSeconds: number;
            /**
             * @description values: given by a person; estimate: by a chosen method; refusal: measured values that no longer count
             * @enum {string}
             */
            kind: "values" | "estimate" | "refusal";
            /** @description Of a chosen estimate */
            method: string | null;
            values: {
                /** @description Interval of the day, from 0 */
                slot: number;
                /** @description Value, in the channel's integers */
                value: number;
                /** @description What counts there now, as long as the edit does not */
                before: number | null;
            }[];
            /** @description Sum of the differences without sign, in the channel's integers */
            energy: number;
            /**
             * @description Why
             * @enum {string}
             */
            reason: "no-access" | "communication-fault" | "network-outage" | "device-exchange" | "clock-set" | "meter-faulty" | "wrong-ratio" | "misreading" | "tariff-switch-fault" | "implausible";
            /** @description What the asker wrote */
            comment: string;
            /**
             * @description Where it stands
             * @enum {string}
             */
            state: "waiting" | "applied" | "refused" | "undone";
            /** @description Account */
            requestedBy: string;
            /**
             * Format: date-time
             * @description Asked for at (UTC)
             */
            requestedAt: string;
            /** @description One's own: somebody else decides */
            own: boolean;
            /** @description Account */
            decidedBy: string | null;
            /**
             * Format: date-time
             * @description Decided at (UTC)
             */
            decidedAt: string | null;
            /** @description What the second person wrote */
            decisionNote: string;
            /** @description Account */
            undoneBy: string | null;
            /**
             * Format: date-time
             * @description Taken back at (UTC)
             */
            undoneAt: string | null;
            /** @description Why it was taken back */
            undoComment: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Whether calls can be answered
                         * @enum {string}
                         */
                        status: "ready" | "unready";
                        /**
                         * @description Whether the database answers within a second
                         * @enum {string}
                         */
                        database: "up" | "down";
                        /** @description The live connection to the database stands */
                        listening: boolean;
                        /** @description Open event streams */
                        streamClients: number;
                        /** @description Seconds since the start */
                        uptimeSeconds: number;
                        /** @description Version of this server */
                        version: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFirstRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description No account exists: a first one can be made with the one-time token */
                        accountNeeded: boolean;
                        /** @description Market zone, an IANA name such as Europe/Bucharest */
                        zone: string;
                        /** @description Version of this server */
                        version: string;
                        /** @description Points of measure; only with a session */
                        points?: number;
                        /** @description Devices; only with a session */
                        devices?: number;
                        /** @description At least one reading is stored; only with a session */
                        readings?: boolean;
                        /**
                         * @description The simulated network to try things with; only with a session
                         * @enum {string}
                         */
                        sampleNetwork?: "available" | "starting" | "running";
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFirstAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One-time token printed at the first start, valid 30 minutes */
                    token: string;
                    /** @description Sign-in name: letters, digits, dot, hyphen, underscore, @ */
                    name: string;
                    /** @description Name for people */
                    displayName: string;
                    /** @description 12 to 256 characters, not on the list of common ones */
                    password: string;
                    /**
                     * @description Language of the interface
                     * @enum {string}
                     */
                    language: "ro" | "en";
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startSampleNetwork: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Sign-in name */
                    name: string;
                    /** @description Password */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Source */
                sourceId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Address at the provider that the browser goes to */
                        location: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginProviderProof: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Address at the provider that the browser goes to */
                        location: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishProvider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As the provider sent it */
                    code?: string;
                    /** @description As the provider sent it */
                    state?: string;
                    /** @description As the provider sent it */
                    iss?: string;
                    /** @description As the provider sent it */
                    session_state?: string;
                    /** @description As the provider sent it */
                    error?: string;
                    /** @description As the provider sent it */
                    error_description?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Language of the interface
                     * @enum {string}
                     */
                    language: "ro" | "en";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProof: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description factor: a second factor is asked for; enrol: one must be set up first; full: signed in
                         * @enum {string}
                         */
                        stage: "factor" | "enrol" | "full";
                        /** @description Name for people */
                        displayName: string;
                        /** @description For the calls of this step */
                        csrfToken: string;
                        /** @description Any one of them is enough */
                        ways: ("password" | "totp" | "webauthn" | "recovery" | "provider")[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Only where the account has no second factor */
                    password?: string;
                    /** @description Six digits of the authenticator, or a recovery code */
                    code?: string;
                    /** @description As the browser gave it (WebAuthn, toJSON) */
                    credential?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKeyChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For the browser's WebAuthn call, as JSON (WebAuthn, parse…FromJSON) */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Password of now */
                    current: string;
                    /** @description The new one: as long as the policy asks, at most 256 characters */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        factors: {
                            /** @description Factor */
                            factorId: number;
                            /**
                             * @description Authenticator with codes, or security key
                             * @enum {string}
                             */
                            kind: "totp" | "webauthn";
                            /** @description How its owner calls it */
                            label: string;
                            /**
                             * Format: date-time
                             * @description Since when it is there (UTC)
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description When it was last used (UTC)
                             */
                            lastUsedAt: string | null;
                        }[];
                        /** @description Recovery codes that were not used yet */
                        recoveryCodesLeft: number;
                        /** @description The account's password is kept here, so it can be changed here */
                        password: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How you call it: Ana's telephone */
                    label: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For typing it in, base32 */
                        secret: string;
                        /** @description otpauth://… for the picture that the authenticator scans */
                        address: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Six digits */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Recovery codes, shown this once; empty when there are some already */
                        recoveryCodes: string[];
                        /** @description False when the sign-in still asks for something: see the next step */
                        signedIn: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For the browser's WebAuthn call, as JSON (WebAuthn, parse…FromJSON) */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How you call it: blue key */
                    label: string;
                    /** @description As the browser gave it (WebAuthn, toJSON) */
                    credential: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Recovery codes, shown this once; empty when there are some already */
                        recoveryCodes: string[];
                        /** @description False when the sign-in still asks for something: see the next step */
                        signedIn: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Factor */
                factorId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Recovery codes, shown this once; empty when there are some already */
                        recoveryCodes: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOwnSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Session */
                            sessionId: number;
                            /**
                             * Format: date-time
                             * @description Signed in (UTC)
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description Last call (UTC)
                             */
                            lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description Ends at the latest (UTC)
                             */
                            expiresAt: string;
                            /** @description Address that it was opened from */
                            address: string | null;
                            /** @description How the browser calls itself */
                            agent: string | null;
                            /** @description How the person has shown who they are */
                            ways: ("password" | "directory" | "provider" | "provider-factor" | "totp" | "webauthn" | "recovery")[];
                            /** @description The session that asks */
                            current: boolean;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Sessions that were ended */
                        revoked: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeOwnSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Session */
                sessionId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Token */
                            tokenId: number;
                            /** @description What it is for */
                            label: string;
                            /** @description What it may do at most */
                            actions: string[];
                            /** @description Networks that it may be used from; none: any */
                            addresses: string[];
                            /**
                             * Format: date-time
                             * @description Made (UTC)
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description Ends (UTC)
                             */
                            expiresAt: string;
                            /**
                             * Format: date-time
                             * @description Last used, to the minute (UTC)
                             */
                            lastUsedAt: string | null;
                            /** @description Address that it was last used from */
                            lastAddress: string | null;
                        }[];
                        /** @description What a new token can be made for */
                        actions: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is for */
                    label: string;
                    /** @description What it may do, a part of what its owner may */
                    actions: string[];
                    /** @description Addresses or networks that it may be used from; none: any */
                    addresses: string[];
                    /** @description How long it lasts */
                    days: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The token, shown this once: goes into the header Authorization: Bearer … */
                        token: string;
                        row: {
                            /** @description Token */
                            tokenId: number;
                            /** @description What it is for */
                            label: string;
                            /** @description What it may do at most */
                            actions: string[];
                            /** @description Networks that it may be used from; none: any */
                            addresses: string[];
                            /**
                             * Format: date-time
                             * @description Made (UTC)
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description Ends (UTC)
                             */
                            expiresAt: string;
                            /**
                             * Format: date-time
                             * @description Last used, to the minute (UTC)
                             */
                            lastUsedAt: string | null;
                            /** @description Address that it was last used from */
                            lastAddress: string | null;
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Token */
                tokenId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Session */
                            sessionId: number;
                            /**
                             * Format: date-time
                             * @description Signed in (UTC)
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description Last call (UTC)
                             */
                            lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description Ends at the latest (UTC)
                             */
                            expiresAt: string;
                            /** @description Address that it was opened from */
                            address: string | null;
                            /** @description How the browser calls itself */
                            agent: string | null;
                            /** @description How the person has shown who they are */
                            ways: ("password" | "directory" | "provider" | "provider-factor" | "totp" | "webauthn" | "recovery")[];
                            /** @description The session that asks */
                            current: boolean;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeAccountSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Sessions that were ended */
                        revoked: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignInPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Characters of a password at least */
                        passwordLengthMin: number;
                        /** @description Words that no password may hold, beside the built-in list */
                        blockedWords: string[];
                        /** @description An account that nobody used for so many days is refused; null: never */
                        unusedDaysMax: number | null;
                        /** @description A session ends after so long without a call */
                        sessionIdleMinutes: number;
                        /** @description A session ends after so long whatever happens */
                        sessionHours: number;
                        /** @description How long the wait between two guesses may grow */
                        backOffSecondsMax: number;
                        /**
                         * @description Who needs a second factor
                         * @enum {string}
                         */
                        factorFor: "nobody" | "roles" | "everybody";
                        /** @description Roles that need one, when it is by role */
                        factorRoles: string[];
                        /** @description Roles that need a security key */
                        keyRoles: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSignInPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Characters of a password at least */
                    passwordLengthMin: number;
                    /** @description Words that no password may hold, beside the built-in list */
                    blockedWords: string[];
                    /** @description An account that nobody used for so many days is refused; null: never */
                    unusedDaysMax: number | null;
                    /** @description A session ends after so long without a call */
                    sessionIdleMinutes: number;
                    /** @description A session ends after so long whatever happens */
                    sessionHours: number;
                    /** @description How long the wait between two guesses may grow */
                    backOffSecondsMax: number;
                    /**
                     * @description Who needs a second factor
                     * @enum {string}
                     */
                    factorFor: "nobody" | "roles" | "everybody";
                    /** @description Roles that need one, when it is by role */
                    factorRoles: string[];
                    /** @description Roles that need a security key */
                    keyRoles: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Characters of a password at least */
                        passwordLengthMin: number;
                        /** @description Words that no password may hold, beside the built-in list */
                        blockedWords: string[];
                        /** @description An account that nobody used for so many days is refused; null: never */
                        unusedDaysMax: number | null;
                        /** @description A session ends after so long without a call */
                        sessionIdleMinutes: number;
                        /** @description A session ends after so long whatever happens */
                        sessionHours: number;
                        /** @description How long the wait between two guesses may grow */
                        backOffSecondsMax: number;
                        /**
                         * @description Who needs a second factor
                         * @enum {string}
                         */
                        factorFor: "nobody" | "roles" | "everybody";
                        /** @description Roles that need one, when it is by role */
                        factorRoles: string[];
                        /** @description Roles that need a security key */
                        keyRoles: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBreakGlass: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Account */
                            accountId: number;
                            /** @description Sign-in name */
                            name: string;
                            /** @description Cannot sign in */
                            disabled: boolean;
                            /**
                             * Format: date-time
                             * @description Last used (UTC)
                             */
                            lastSignedInAt: string | null;
                            /**
                             * Format: date-time
                             * @description When its password was made (UTC)
                             */
                            passwordChangedAt: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBreakGlass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 or 2 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Sign-in name */
                        name: string;
                        /** @description Shown this once: print it, seal it, lock it away */
                        password: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPeople: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["Person"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Sign-in name: letters, digits, dot, hyphen, underscore, @ */
                    name: string;
                    /** @description Name for people */
                    displayName: string;
                    /**
                     * @description Language of the interface
                     * @enum {string}
                     */
                    language: "ro" | "en";
                    grants?: {
                        /** @description Role */
                        roleId?: number;
                        /** @description Instead of a role: one right as page.level, as an exception; needs validUntil and reason */
                        action?: string;
                        /** @description Branch, with all below it; null: the whole network */
                        branchId: number | null;
                        /** @description Supplier whose points it is for */
                        supplierId?: number;
                        /**
                         * Format: date-time
                         * @description In force from; now when absent (UTC)
                         */
                        validFrom?: string;
                        /**
                         * Format: date-time
                         * @description In force until (UTC)
                         */
                        validUntil?: string;
                        /** @description Why */
                        reason?: string;
                    }[];
                    copy?: {
                        /** @description Colleague */
                        accountId: number;
                        /** @description Branch for which the rights are copied */
                        branchId: number;
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Account */
                        accountId: number;
                        /** @description One-time token, shown only now: /invitation#token lets its holder choose a password */
                        invitation: string;
                        /**
                         * Format: date-time
                         * @description It opens until (UTC)
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        person: components["schemas"]["Person"];
                        /** @description Rights, each as page.level */
                        actions: string[];
                        /** @description Rights that one person should not hold together */
                        conflicts: {
                            /** @description asks-and-approves or grants-and-approves */
                            kind: string;
                            /** @description Page */
                            page: string;
                        }[];
                        /** @description Nothing of it reaches beyond the caller's part of the network */
                        mayChange: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name for people */
                    displayName?: string;
                    /** @description May not sign in; true ends all sessions */
                    disabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewPerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Account */
                        accountId: number;
                        /** @description One-time token, shown only now: /invitation#token lets its holder choose a password */
                        invitation: string;
                        /**
                         * Format: date-time
                         * @description It opens until (UTC)
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The one-time token */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Sign-in name */
                        name: string;
                        /** @description Name for people */
                        displayName: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The one-time token */
                    token: string;
                    /** @description At least as long as the policy asks */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewGrants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    add?: {
                        /** @description Role */
                        roleId?: number;
                        /** @description Instead of a role: one right as page.level, as an exception; needs validUntil and reason */
                        action?: string;
                        /** @description Branch, with all below it; null: the whole network */
                        branchId: number | null;
                        /** @description Supplier whose points it is for */
                        supplierId?: number;
                        /**
                         * Format: date-time
                         * @description In force from; now when absent (UTC)
                         */
                        validFrom?: string;
                        /**
                         * Format: date-time
                         * @description In force until (UTC)
                         */
                        validUntil?: string;
                        /** @description Why */
                        reason?: string;
                    }[];
                    end?: number[];
                    copy?: {
                        /** @description Colleague */
                        accountId: number;
                        /** @description Branch for which the rights are copied */
                        branchId: number;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Rights that come */
                        gains: string[];
                        /** @description Rights that go */
                        loses: string[];
                        points: {
                            /** @description Points seen now */
                            before: number;
                            /** @description Points seen then */
                            after: number;
                            /** @description Points that come */
                            gained: number;
                            /** @description Points that go */
                            lost: number;
                        };
                        /** @description Rights that one person should not hold together */
                        conflicts: {
                            /** @description asks-and-approves or grants-and-approves */
                            kind: string;
                            /** @description Page */
                            page: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeGrants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Account */
                accountId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    add?: {
                        /** @description Role */
                        roleId?: number;
                        /** @description Instead of a role: one right as page.level, as an exception; needs validUntil and reason */
                        action?: string;
                        /** @description Branch, with all below it; null: the whole network */
                        branchId: number | null;
                        /** @description Supplier whose points it is for */
                        supplierId?: number;
                        /**
                         * Format: date-time
                         * @description In force from; now when absent (UTC)
                         */
                        validFrom?: string;
                        /**
                         * Format: date-time
                         * @description In force until (UTC)
                         */
                        validUntil?: string;
                        /** @description Why */
                        reason?: string;
                    }[];
                    end?: number[];
                    copy?: {
                        /** @description Colleague */
                        accountId: number;
                        /** @description Branch for which the rights are copied */
                        branchId: number;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that were meant and within reach */
                        grantIds: number[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGrants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["Grant"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportGrants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviewGrants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    grantIds: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that were meant and within reach */
                        grantIds: number[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endGrants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    grantIds: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that were meant and within reach */
                        grantIds: number[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The catalogue: what can be granted */
                        pages: {
                            /** @description Page */
                            page: string;
                            levels: string[];
                            /** @description branch or network */
                            reach: string;
                        }[];
                        roles: {
                            /** @description Role */
                            roleId: number;
                            /** @description Name */
                            name: string;
                            /** @description Which ready-made role it is; null for another */
                            ready: string | null;
                            /** @description Grants of it name a supplier */
                            forSupplier: boolean;
                            /** @description Rights, each as page.level */
                            actions: string[];
                            /** @description Accounts that hold it */
                            holders: number;
                        }[];
                        /** @description Branches for which the caller may give rights */
                        branches: {
                            /** @description Branch */
                            branchId: number;
                            /** @description Names of the branch and of those above it, from the top down */
                            path: string[];
                        }[];
                        /** @description The caller may give rights for the whole network */
                        wholeNetwork: boolean;
                        suppliers: {
                            /** @description Supplier */
                            supplierId: number;
                            /** @description Market code */
                            code: string;
                            /** @description Name */
                            name: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRole: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name */
                    name: string;
                    /** @description Rights, each as page.level */
                    actions: string[];
                    /** @description Grants of it name a supplier */
                    forSupplier?: boolean;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Role */
                        roleId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Role */
                roleId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name */
                    name: string;
                    /** @description Rights, each as page.level */
                    actions: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Rights that come */
                        gains: string[];
                        /** @description Rights that go */
                        loses: string[];
                        /** @description Accounts that hold the role now */
                        people: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Role */
                roleId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Role */
                roleId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name */
                    name: string;
                    /** @description Rights, each as page.level */
                    actions: string[];
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginSeeAs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whom to look as */
                    accountId: number;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSeeAs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askForRight: {
        parameters: {
            query: {
                /** @description Right as page.level */
                action: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description People who can give rights */
                        ask: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSystemHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemHealth"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDatabase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When this was asked (UTC)
                         */
                        asOf: string;
                        server: {
                            /** @description Name, address, or folder of the socket */
                            host: string;
                            /** @description Port */
                            port: number;
                            /** @description Database */
                            database: string;
                            /** @description Role of the server's process */
                            role: string;
                            /** @description The server's own connection is ciphered */
                            tls: boolean;
                            /** @description Version of PostgreSQL */
                            version: string;
                            /** @description Size of the database, bytes */
                            bytes: number;
                            /** @description Connections that are open */
                            connectionsUsed: number;
                            /** @description Connections at most */
                            connectionsMax: number;
                        };
                        pools: {
                            programs: {
                                /**
                                 * @description Name under which the program connects
                                 * @enum {string}
                                 */
                                program: "energsys-server" | "energsys-server-housekeeping" | "energsys-jobs" | "energsys-headend" | "energsys-dispatcher" | "energsys-backup" | "energsys-launcher";
                                /** @description Role as which it signs in */
                                role: string;
                                /** @description Connections at most */
                                connectionsMax: number;
                                /** @description A statement is given up after this */
                                statementTimeoutMs: number;
                                usual: {
                                    /** @description Connections at most */
                                    connectionsMax: number;
                                    /** @description A statement is given up after this */
                                    statementTimeoutMs: number;
                                };
                                connections: {
                                    /** @description Connections, at least */
                                    least: number;
                                    /** @description Connections, at most */
                                    most: number;
                                };
                                timeoutMs: {
                                    /** @description Milliseconds of a statement, at least */
                                    least: number;
                                    /** @description Milliseconds of a statement, at most */
                                    most: number;
                                };
                                /** @description What taking the last change back sets; null when it has what the program brings */
                                before: {
                                    /** @description Connections at most */
                                    connectionsMax: number;
                                    /** @description A statement is given up after this */
                                    statementTimeoutMs: number;
                                } | null;
                                /** @description Who changed it last */
                                changedBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description When (UTC)
                                 */
                                changedAt: string | null;
                            }[];
                            /** @description Connections that all programs may open together, listeners included */
                            connectionsPlanned: number;
                            /** @description What that may be at most; the rest is kept for owners, analysts and commands */
                            connectionsFree: number;
                        };
                        roles: {
                            /** @description Role */
                            role: string;
                            /** @description It is there */
                            present: boolean;
                            /** @description It can sign in */
                            signsIn: boolean;
                            /**
                             * Format: date-time
                             * @description Its password ends then (UTC)
                             */
                            validUntil: string | null;
                            /** @description Connections at most; null without a limit of its own */
                            connectionsMax: number | null;
                            /** @description Connections that are open */
                            connections: number;
                            /** @description Of these, ciphered ones */
                            tlsConnections: number;
                            /** @description What a session begins with, such as statement_timeout=5s */
                            settings: string[];
                        }[];
                        programs: {
                            /** @description Name under which it connects */
                            program: string;
                            /** @description Role */
                            role: string;
                            /** @description Where it comes from; null by the socket of the same machine */
                            address: string | null;
                            /** @description Connections that are open */
                            connections: number;
                            /** @description All of them are ciphered */
                            tls: boolean;
                            /**
                             * Format: date-time
                             * @description Begin of the oldest (UTC)
                             */
                            oldestAt: string;
                        }[];
                        tables: {
                            /** @description Table or view */
                            table: string;
                            roles: {
                                /** @description Role */
                                role: string;
                                /** @description What it should have: S I U D, S* for some columns, + for anything else */
                                wanted: string;
                                /** @description What it has */
                                granted: string;
                            }[];
                        }[];
                        /** @description In what the database differs from what should be granted */
                        findings: {
                            /**
                             * @description missing or extra: a privilege; owner: a table belongs to somebody else; no-role: there is no such role; too-mighty: it can more than it should
                             * @enum {string}
                             */
                            kind: "missing" | "extra" | "owner" | "no-role" | "too-mighty";
                            /** @description Role of the database, or PUBLIC */
                            role: string;
                            /** @description Table or view */
                            table: string | null;
                            /** @description Column, where the privilege is of one */
                            column: string | null;
                            /** @description Privilege */
                            privilege: string | null;
                            /** @description Statement or command that mends it */
                            repair: string;
                        }[];
                        backup: {
                            /** @description Where the backups lie; null when nobody ever backed up */
                            folder: string | null;
                            /**
                             * Format: date-time
                             * @description All that was committed before is in the archive (UTC)
                             */
                            coveredAt: string | null;
                            base: {
                                /**
                                 * @description How it stands
                                 * @enum {string}
                                 */
                                state: "running" | "done" | "failed";
                                /**
                                 * Format: date-time
                                 * @description Start (UTC)
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description End (UTC)
                                 */
                                endedAt: string | null;
                                /** @description Line and base backup */
                                backup: string | null;
                                /** @description Sealed bytes of a base backup; bytes that a check restored */
                                bytes: number | null;
                                /** @description Why it failed */
                                errorCode: string | null;
                            }[];
                            check: {
                                /**
                                 * @description How it stands
                                 * @enum {string}
                                 */
                                state: "running" | "done" | "failed";
                                /**
                                 * Format: date-time
                                 * @description Start (UTC)
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description End (UTC)
                                 */
                                endedAt: string | null;
                                /** @description Line and base backup */
                                backup: string | null;
                                /** @description Sealed bytes of a base backup; bytes that a check restored */
                                bytes: number | null;
                                /** @description Why it failed */
                                errorCode: string | null;
                            }[];
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryDatabase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Signs in as analyst (report_ro) with this; otherwise as the server itself does */
                    analystPassword?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was tried (UTC)
                         */
                        at: string;
                        /** @description Role that signed in */
                        role: string;
                        /** @description The connection was ciphered */
                        tls: boolean;
                        steps: {
                            /**
                             * @description Step
                             * @enum {string}
                             */
                            step: "name" | "reach" | "sign-in" | "version" | "migrations" | "privileges" | "read" | "write" | "latency";
                            /**
                             * @description How it went; skipped after one that failed
                             * @enum {string}
                             */
                            outcome: "good" | "bad" | "skipped";
                            /** @description Time that it took */
                            durationMs: number;
                            /** @description Code of the fault, or what was found */
                            detail: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Name under which the program connects
                     * @enum {string}
                     */
                    program: "energsys-server" | "energsys-server-housekeeping" | "energsys-jobs" | "energsys-headend" | "energsys-dispatcher" | "energsys-backup" | "energsys-launcher";
                    /** @description Connections at most */
                    connectionsMax: number;
                    /** @description A statement is given up after this */
                    statementTimeoutMs: number;
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoPool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Name under which the program connects
                     * @enum {string}
                     */
                    program: "energsys-server" | "energsys-server-housekeeping" | "energsys-jobs" | "energsys-headend" | "energsys-dispatcher" | "energsys-backup" | "energsys-launcher";
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDatabaseAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A launcher is there to try an address and to write it down */
                        launcher: boolean;
                        /** @description The address that was asked for last; null: none ever */
                        change: {
                            /** @description Id of the trial */
                            id: string;
                            /**
                             * @description asked: the launcher tries it; chosen: it is about to be written; written: used from the next start on
                             * @enum {string}
                             */
                            state: "asked" | "tried" | "chosen" | "written" | "refused";
                            /** @description Name or address of the server */
                            host: string;
                            /** @description Port */
                            port: number;
                            /** @description Database */
                            database: string;
                            /**
                             * @description verified: ciphered, with a certificate that is good for the host
                             * @enum {string}
                             */
                            tls: "none" | "verified";
                            /** @description Who asked for it last */
                            by: string;
                            /**
                             * Format: date-time
                             * @description When it was asked for (UTC)
                             */
                            askedAt: string;
                            /**
                             * Format: date-time
                             * @description When it was tried (UTC)
                             */
                            triedAt: string | null;
                            /** @description Every step of every role went well */
                            good: boolean;
                            roles: {
                                /** @description Role that signed in */
                                role: string;
                                /** @description The connection was ciphered */
                                tls: boolean;
                                steps: {
                                    /**
                                     * @description Step
                                     * @enum {string}
                                     */
                                    step: "name" | "reach" | "sign-in" | "version" | "migrations" | "privileges" | "read" | "write" | "latency";
                                    /**
                                     * @description How it went; skipped after one that failed
                                     * @enum {string}
                                     */
                                    outcome: "good" | "bad" | "skipped";
                                    /** @description Time that it took */
                                    durationMs: number;
                                    /** @description Code of the fault, or what was found */
                                    detail: string | null;
                                }[];
                            }[];
                            /** @description Why it was refused */
                            code: string | null;
                        } | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chooseDatabaseAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Id of the trial */
                    id: string;
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryDatabaseAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name or address of the server */
                    host: string;
                    /** @description Port */
                    port: number;
                    /** @description Database */
                    database: string;
                    /**
                     * @description verified: ciphered, with a certificate that is good for the host
                     * @enum {string}
                     */
                    tls: "none" | "verified";
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the trial */
                        id: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    giveAnalystPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Days for which it holds */
                    days: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Role to sign in as */
                        role: string;
                        /** @description Shown this once */
                        password: string;
                        /**
                         * Format: date-time
                         * @description Its end (UTC)
                         */
                        validUntil: string;
                        /** @description Name, address, or folder of the socket */
                        host: string;
                        /** @description Port */
                        port: number;
                        /** @description Database */
                        database: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endAnalystPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignInWays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names of a directory open too */
                        directory: boolean;
                        /** @description A directory does not answer: its people cannot sign in now */
                        directoryAway: boolean;
                        providers: {
                            /** @description Source */
                            sourceId: number;
                            /** @description How it is called */
                            label: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["IdentitySource"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSource: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How it is called on the sign-in page */
                    label: string;
                    /** @description People can sign in by it */
                    enabled: boolean;
                    /** @description Roles that members of a group hold as long as they are members */
                    grants: {
                        /** @description DN of the group, or a value of the groups claim */
                        group: string;
                        /** @description Name of the role, or the key of a ready-made one */
                        role: string;
                        /** @description From here down; null: everywhere */
                        branchId: number | null;
                    }[];
                    directory?: {
                        /** @description Asked in this order: the next when one does not answer */
                        servers: string[];
                        /** @description Certificates (PEM) of the authorities that vouch for the servers; empty: the well-known ones */
                        ca: string;
                        /** @description Service account that looks people up; its password is the secret */
                        bindDn: string;
                        /** @description Where people are looked for, with everything below */
                        base: string;
                        /** @description LDAP filter of those who may come in */
                        peopleFilter: string;
                        /** @description Attributes that hold what people type as their name; the first is the account's name */
                        nameAttributes: string[];
                        /** @description Attribute that never changes: objectGUID, entryUUID */
                        idAttribute: string;
                        /** @description Attribute with the name for people */
                        displayNameAttribute: string;
                        /**
                         * @description How groups are found: not; the attribute memberOf (direct ones); the nested ones by Active Directory's matching rule; the nested ones level by level
                         * @enum {string}
                         */
                        groups: "none" | "member-of" | "matching-rule" | "walk";
                        /** @description Where groups are looked for; empty: where people are */
                        groupBase: string;
                        /** @description Attribute of a group that names its members: member */
                        memberAttribute: string;
                        /** @description Lets in only members of a group that has a role here */
                        membersOnly: boolean;
                    };
                    provider?: {
                        /** @description Address of the provider, https://…; everything else is found from there */
                        issuer: string;
                        /** @description Further origins that its addresses may be on; nothing else is ever called */
                        otherOrigins: string[];
                        /** @description Name of this system at the provider */
                        clientId: string;
                        /** @description Where the provider sends people back to: https://<this server>/sign-in/callback */
                        redirectUri: string;
                        /** @description Scopes beside openid: profile, groups */
                        scopes: string[];
                        /** @description Claim with the sign-in name: preferred_username */
                        nameClaim: string;
                        /** @description Claim with the name for people: name */
                        displayNameClaim: string;
                        /** @description Claim with the groups: groups */
                        groupsClaim: string;
                        /** @description Lets in only members of a group that has a role here */
                        membersOnly: boolean;
                        /** @description Asked of the provider, one of which its answer must have (acr); none: whatever it does */
                        acrValues: string[];
                        /** @description Methods (amr) that count as a second factor: otp, hwk, mfa */
                        factorMethods: string[];
                    };
                    /** @description Password of the service account, or the client's secret; left out: as it was */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySource"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Source */
                sourceId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How it is called on the sign-in page */
                    label: string;
                    /** @description People can sign in by it */
                    enabled: boolean;
                    /** @description Roles that members of a group hold as long as they are members */
                    grants: {
                        /** @description DN of the group, or a value of the groups claim */
                        group: string;
                        /** @description Name of the role, or the key of a ready-made one */
                        role: string;
                        /** @description From here down; null: everywhere */
                        branchId: number | null;
                    }[];
                    directory?: {
                        /** @description Asked in this order: the next when one does not answer */
                        servers: string[];
                        /** @description Certificates (PEM) of the authorities that vouch for the servers; empty: the well-known ones */
                        ca: string;
                        /** @description Service account that looks people up; its password is the secret */
                        bindDn: string;
                        /** @description Where people are looked for, with everything below */
                        base: string;
                        /** @description LDAP filter of those who may come in */
                        peopleFilter: string;
                        /** @description Attributes that hold what people type as their name; the first is the account's name */
                        nameAttributes: string[];
                        /** @description Attribute that never changes: objectGUID, entryUUID */
                        idAttribute: string;
                        /** @description Attribute with the name for people */
                        displayNameAttribute: string;
                        /**
                         * @description How groups are found: not; the attribute memberOf (direct ones); the nested ones by Active Directory's matching rule; the nested ones level by level
                         * @enum {string}
                         */
                        groups: "none" | "member-of" | "matching-rule" | "walk";
                        /** @description Where groups are looked for; empty: where people are */
                        groupBase: string;
                        /** @description Attribute of a group that names its members: member */
                        memberAttribute: string;
                        /** @description Lets in only members of a group that has a role here */
                        membersOnly: boolean;
                    };
                    provider?: {
                        /** @description Address of the provider, https://…; everything else is found from there */
                        issuer: string;
                        /** @description Further origins that its addresses may be on; nothing else is ever called */
                        otherOrigins: string[];
                        /** @description Name of this system at the provider */
                        clientId: string;
                        /** @description Where the provider sends people back to: https://<this server>/sign-in/callback */
                        redirectUri: string;
                        /** @description Scopes beside openid: profile, groups */
                        scopes: string[];
                        /** @description Claim with the sign-in name: preferred_username */
                        nameClaim: string;
                        /** @description Claim with the name for people: name */
                        displayNameClaim: string;
                        /** @description Claim with the groups: groups */
                        groupsClaim: string;
                        /** @description Lets in only members of a group that has a role here */
                        membersOnly: boolean;
                        /** @description Asked of the provider, one of which its answer must have (acr); none: whatever it does */
                        acrValues: string[];
                        /** @description Methods (amr) that count as a second factor: otp, hwk, mfa */
                        factorMethods: string[];
                    };
                    /** @description Password of the service account, or the client's secret; left out: as it was */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySource"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Source */
                sourceId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    trySource: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Source whose stored secret is used */
                    sourceId?: number;
                    /** @description Another secret */
                    secret?: string;
                    directory: {
                        /** @description Asked in this order: the next when one does not answer */
                        servers: string[];
                        /** @description Certificates (PEM) of the authorities that vouch for the servers; empty: the well-known ones */
                        ca: string;
                        /** @description Service account that looks people up; its password is the secret */
                        bindDn: string;
                        /** @description Where people are looked for, with everything below */
                        base: string;
                        /** @description LDAP filter of those who may come in */
                        peopleFilter: string;
                        /** @description Attributes that hold what people type as their name; the first is the account's name */
                        nameAttributes: string[];
                        /** @description Attribute that never changes: objectGUID, entryUUID */
                        idAttribute: string;
                        /** @description Attribute with the name for people */
                        displayNameAttribute: string;
                        /**
                         * @description How groups are found: not; the attribute memberOf (direct ones); the nested ones by Active Directory's matching rule; the nested ones level by level
                         * @enum {string}
                         */
                        groups: "none" | "member-of" | "matching-rule" | "walk";
                        /** @description Where groups are looked for; empty: where people are */
                        groupBase: string;
                        /** @description Attribute of a group that names its members: member */
                        memberAttribute: string;
                        /** @description Lets in only members of a group that has a role here */
                        membersOnly: boolean;
                    };
                    person?: {
                        /** @description Somebody to look up */
                        name: string;
                        /** @description Tried too when it is not empty */
                        password: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        steps: {
                            /** @description Address */
                            server: string;
                            /**
                             * @description What was tried, in this order
                             * @enum {string}
                             */
                            step: "connect" | "tls" | "service-account" | "search" | "groups" | "password";
                            /** @description Code of docs/errors.md; null when it went well */
                            code: string | null;
                            /** @description What was found, or what the server or the library says */
                            detail: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOperations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operations"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openStream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search: {
        parameters: {
            query: {
                /** @description What to look for */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        points: {
                            /** @description Point */
                            pointId: number;
                            /** @description Code of the point of delivery */
                            pod: string;
                            /** @description Name of the point */
                            name: string;
                            /** @description Address */
                            address: string;
                            /** @description Serial number of the meter now installed */
                            serial: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPoints: {
        parameters: {
            query?: {
                /** @description Part of POD, name, address or meter serial; diacritics do not matter; several words must all occur */
                q?: string;
                /** @description Only points of this branch and of those below it */
                branch?: number;
                /** @description talking: heard of in time; silent: not heard of for three periods of its plan, at least an hour; never: not heard of yet; none: no device */
                state?: "talking" | "silent" | "never" | "none";
                /** @description Only meters of this model */
                model?: string;
                /** @description Order of the rows; pod when absent */
                sort?: "pod" | "name" | "address" | "branch" | "serial" | "model" | "state" | "lastContactAt";
                /** @description Last first */
                descending?: boolean;
                /** @description Rows to skip */
                offset?: number;
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Points that match */
                        total: number;
                        rows: components["schemas"]["PointRow"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportPoints: {
        parameters: {
            query?: {
                /** @description Part of POD, name, address or meter serial; diacritics do not matter; several words must all occur */
                q?: string;
                /** @description Only points of this branch and of those below it */
                branch?: number;
                /** @description talking: heard of in time; silent: not heard of for three periods of its plan, at least an hour; never: not heard of yet; none: no device */
                state?: "talking" | "silent" | "never" | "none";
                /** @description Only meters of this model */
                model?: string;
                /** @description Order of the rows; pod when absent */
                sort?: "pod" | "name" | "address" | "branch" | "serial" | "model" | "state" | "lastContactAt";
                /** @description Last first */
                descending?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPoint: {
        parameters: {
            query?: {
                /** @description As it was at this instant; now when absent (UTC) */
                on?: string;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Point"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSubscribers: {
        parameters: {
            query?: {
                /** @description Part of name, number, telephone, mail, address or contract; several words must all occur */
                q?: string;
                /** @description Order of the rows; name when absent */
                sort?: "name" | "number";
                /** @description Last first */
                descending?: boolean;
                /** @description Rows to skip */
                offset?: number;
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Subscribers that match */
                        total: number;
                        rows: {
                            /** @description Subscriber */
                            subscriberId: number;
                            /**
                             * @description household: a person at home; organisation: whoever else
                             * @enum {string}
                             */
                            kind: "household" | "organisation";
                            /** @description The operator's number of the customer, unique */
                            number: string;
                            /** @description Name */
                            name: string;
                            /** @description Telephone; empty when unknown */
                            phone: string;
                            /** @description E-mail; empty when unknown */
                            email: string;
                            /** @description Contracts that run now */
                            running: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportSubscribers: {
        parameters: {
            query?: {
                /** @description Part of name, number, telephone, mail, address or contract; several words must all occur */
                q?: string;
                /** @description Order of the rows; name when absent */
                sort?: "name" | "number";
                /** @description Last first */
                descending?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSubscriber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Subscriber */
                subscriberId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSubscriber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Subscriber */
                subscriberId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description household: a person at home; organisation: whoever else
                     * @enum {string}
                     */
                    kind: "household" | "organisation";
                    /** @description The operator's number of the customer, unique */
                    number: string;
                    /** @description Name */
                    name: string;
                    /** @description Telephone; empty when unknown */
                    phone: string;
                    /** @description E-mail; empty when unknown */
                    email: string;
                    /** @description Where letters go; empty when it is the point's */
                    address: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPointContracts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest first */
                        rows: components["schemas"]["Contract"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startContract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        /** @description With either `subscriberId` or `subscriber` */
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number of the contract, unique */
                    number: string;
                    /**
                     * Format: date-time
                     * @description Begins at; the contract that runs at the point ends then (UTC)
                     */
                    from: string;
                    /** @description Somebody who is known */
                    subscriberId?: number;
                    subscriber?: {
                        /**
                         * @description household: a person at home; organisation: whoever else
                         * @enum {string}
                         */
                        kind: "household" | "organisation";
                        /** @description The operator's number of the customer, unique */
                        number: string;
                        /** @description Name */
                        name: string;
                        /** @description Telephone; empty when unknown */
                        phone: string;
                        /** @description E-mail; empty when unknown */
                        email: string;
                        /** @description Where letters go; empty when it is the point's */
                        address: string;
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The new contract */
                        contractId: number;
                        /** @description Whose it is */
                        subscriberId: number;
                        endedContractId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endContract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Contract */
                contractId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Ends at (UTC)
                     */
                    at: string;
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeBackContract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Contract */
                contractId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExchanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Exchange */
                            exchangeId: number;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            at: string;
                            /** @description Meter that went */
                            oldSerial: string;
                            /** @description Meter that came */
                            newSerial: string;
                            last: {
                                /** @description Register */
                                obis: string;
                                /** @description What it showed, exact decimal */
                                value: string;
                                /** @description Unit */
                                unit: string;
                            }[];
                            first: {
                                /** @description Register */
                                obis: string;
                                /** @description What it showed, exact decimal */
                                value: string;
                                /** @description Unit */
                                unit: string;
                            }[];
                            /** @description Who exchanged them */
                            fittedBy: string;
                            /** @description Why */
                            reason: string;
                            doubts: string[];
                            /** @description Who entered it */
                            madeBy: string;
                            /**
                             * Format: date-time
                             * @description When it was entered (UTC)
                             */
                            madeAt: string;
                            /** @description Request for other ratios that came of it */
                            requestId: number | null;
                            /** @description Days whose energy was derived again; null while that goes on */
                            days: number | null;
                            /** @description Who took it back */
                            undoneBy: string | null;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            undoneAt: string | null;
                            /** @description Why */
                            undoReason: string | null;
                            photos: {
                                /** @description Picture */
                                photoId: number;
                                /** @description Name of the file */
                                fileName: string;
                                /** @description Media type */
                                media: string;
                                /** @description Hash, hex */
                                sha256: string;
                                /** @description Size, bytes */
                                sizeBytes: number;
                                /** @description Who added it */
                                addedBy: string;
                                /**
                                 * Format: date-time
                                 * @description When (UTC)
                                 */
                                addedAt: string;
                            }[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makeExchange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When the one was taken down and the other put up (UTC)
                     */
                    at: string;
                    meter: {
                        /** @description Serial number of the meter that is put up */
                        serial: string;
                        /** @description Its manufacturer; absent: the one meter with this serial */
                        manufacturer?: string;
                        /** @description Meter model; with the plate for a meter that nobody knows yet */
                        model?: string;
                        /** @description 1 or 3 */
                        phases?: 1 | 3;
                        /** @description Imax, A */
                        maxCurrentA?: number;
                        /** @description Digits of the index before the point */
                        indexDigits?: number;
                    };
                    /** @description What the registers of the meter that goes showed last */
                    last: {
                        /** @description Register, OBIS code in full */
                        obis: string;
                        /** @description What it showed, exact decimal */
                        value: string;
                        /**
                         * @description Unit in which it shows
                         * @enum {string}
                         */
                        unit: "Wh" | "kWh" | "varh" | "kvarh" | "VAh" | "kVAh";
                    }[];
                    /** @description What the registers of the one that comes showed first */
                    first: {
                        /** @description Register, OBIS code in full */
                        obis: string;
                        /** @description What it showed, exact decimal */
                        value: string;
                        /**
                         * @description Unit in which it shows
                         * @enum {string}
                         */
                        unit: "Wh" | "kWh" | "varh" | "kvarh" | "VAh" | "kVAh";
                    }[];
                    /** @description Pulses of the light on its front for a kWh */
                    ledPulsesPerKwh?: string;
                    /** @description Wh of a pulse of its output */
                    outputPulseWh?: string;
                    /** @description How the new meter names itself, where it is read at the old one's address */
                    identity?: string;
                    /** @description Other ratios with the new meter: they wait for a second person, the exchange does not */
                    ratios?: {
                        /** @description Ratio of the current transformers, exact decimal */
                        ctRatio: string;
                        /** @description Ratio of the voltage transformers, exact decimal */
                        vtRatio: string;
                        /** @description The meter shows primary values: the ratios are not applied */
                        primaryValues: boolean;
                    };
                    /** @description Who exchanged them */
                    fittedBy: string;
                    /** @description Why; it stands in the activity log */
                    reason: string;
                    /** @description Doubts of the check that are as they should be */
                    accepted: string[];
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Exchange */
                        exchangeId: number;
                        /** @description Request for other ratios that waits for somebody */
                        requestId: number | null;
                        /** @description Days whose energy was derived again */
                        days: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkExchange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When the one was taken down and the other put up (UTC)
                     */
                    at: string;
                    meter: {
                        /** @description Serial number of the meter that is put up */
                        serial: string;
                        /** @description Its manufacturer; absent: the one meter with this serial */
                        manufacturer?: string;
                        /** @description Meter model; with the plate for a meter that nobody knows yet */
                        model?: string;
                        /** @description 1 or 3 */
                        phases?: 1 | 3;
                        /** @description Imax, A */
                        maxCurrentA?: number;
                        /** @description Digits of the index before the point */
                        indexDigits?: number;
                    };
                    /** @description What the registers of the meter that goes showed last */
                    last: {
                        /** @description Register, OBIS code in full */
                        obis: string;
                        /** @description What it showed, exact decimal */
                        value: string;
                        /**
                         * @description Unit in which it shows
                         * @enum {string}
                         */
                        unit: "Wh" | "kWh" | "varh" | "kvarh" | "VAh" | "kVAh";
                    }[];
                    /** @description What the registers of the one that comes showed first */
                    first: {
                        /** @description Register, OBIS code in full */
                        obis: string;
                        /** @description What it showed, exact decimal */
                        value: string;
                        /**
                         * @description Unit in which it shows
                         * @enum {string}
                         */
                        unit: "Wh" | "kWh" | "varh" | "kvarh" | "VAh" | "kVAh";
                    }[];
                    /** @description Pulses of the light on its front for a kWh */
                    ledPulsesPerKwh?: string;
                    /** @description Wh of a pulse of its output */
                    outputPulseWh?: string;
                    /** @description How the new meter names itself, where it is read at the old one's address */
                    identity?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Meter that stands there */
                        oldSerial: string | null;
                        /** @description The meter that comes, where the stock has it */
                        stock: {
                            /** @description Manufacturer */
                            manufacturer: string;
                            /** @description Meter model */
                            model: string;
                        } | null;
                        findings: {
                            /**
                             * @description What is wrong or doubtful
                             * @enum {string}
                             */
                            word: "no-meter" | "future" | "before-installation" | "same-meter" | "unknown-meter" | "ambiguous-meter" | "elsewhere" | "exists" | "digits" | "unit" | "below-last" | "roll-over" | "above-possible" | "readings-after" | "new-below-last" | "register-missing";
                            /** @description It cannot be made; otherwise whoever makes it has to accept this */
                            refused: boolean;
                            /** @description Register that it is about */
                            obis: string | null;
                            /** @description Reading before, the most that is possible, or how many */
                            value: string | null;
                            /** @description Its unit */
                            unit: string | null;
                            /**
                             * Format: date-time
                             * @description Instant that it is about (UTC)
                             */
                            at: string | null;
                        }[];
                        /** @description Names of the doubts, to be given as accepted */
                        doubts: string[];
                        /** @description What the old meter counted up to its end */
                        steps: {
                            /** @description Register */
                            obis: string;
                            /** @description Unit */
                            unit: string;
                            before: string | null;
                            /**
                             * Format: date-time
                             * @description When that was read (UTC)
                             */
                            beforeAt: string | null;
                            /** @description What it showed last, exact decimal */
                            last: string;
                            energy: string | null;
                        }[];
                        /** @description What the measured energy of the point would become */
                        effects: {
                            /** @description Quantity of the point */
                            obis: string;
                            /** @description Unit */
                            unit: string;
                            /** @description Power of ten of the integers */
                            scale: number;
                            /** @description Length of an interval, s */
                            periodSeconds: number;
                            /**
                             * Format: date-time
                             * @description First of the intervals (UTC)
                             */
                            start: string;
                            /** @description As they are */
                            before: (number | null)[];
                            /** @description As they would be */
                            after: (number | null)[];
                            /** @description Quality as it would be */
                            flags: number[];
                            /** @description Place of the interval that both meters share */
                            straddle: number | null;
                            /** @description Energy from that day on, as it is */
                            sumBefore: number;
                            /** @description As it would be */
                            sumAfter: number;
                            /** @description Intervals around the exchange without a value */
                            missing: number;
                            /** @description Days that were worked out */
                            days: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoExchange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Exchange */
                exchangeId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Days whose energy was derived again */
                        days: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addExchangePhoto: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Exchange */
                exchangeId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the file */
                    fileName: string;
                    /** @description JPEG, PNG or WebP of 4 MiB at most, as base64 */
                    content: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Picture */
                        photoId: number;
                        /** @description Its hash, hex */
                        sha256: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Default Response */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExchangePhoto: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Picture */
                photoId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPointChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Change */
                            changeId: number;
                            /**
                             * Format: date-time
                             * @description When it was made (UTC)
                             */
                            at: string;
                            /** @description Who made it */
                            changedBy: string;
                            /** @description Why */
                            reason: string;
                            /** @description Change that it takes back */
                            undoes: number | null;
                            /** @description It is taken back */
                            undone: boolean;
                            values: {
                                /**
                                 * @description What
                                 * @enum {string}
                                 */
                                attribute: "phases" | "voltage" | "direction" | "category" | "approvedPowerW" | "isProtected" | "exportContract" | "expectedYearWh" | "checkPointId";
                                /** @description Its value */
                                value: string | number | boolean | null;
                                /**
                                 * Format: date-time
                                 * @description From; null: always before (UTC)
                                 */
                                from: string | null;
                                /**
                                 * Format: date-time
                                 * @description Until; null: for good (UTC)
                                 */
                                to: string | null;
                            }[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description From this instant on (UTC)
                     */
                    from: string;
                    /**
                     * Format: date-time
                     * @description Until then; for good when absent (UTC)
                     */
                    to?: string;
                    /** @description What is different */
                    values: {
                        /** @description 1 or 3 */
                        phases?: 1 | 3;
                        /**
                         * @description Voltage level
                         * @enum {string}
                         */
                        voltage?: "low" | "medium" | "high";
                        /**
                         * @description Direction of energy
                         * @enum {string}
                         */
                        direction?: "import" | "export" | "both";
                        /**
                         * @description Category of the point
                         * @enum {string}
                         */
                        category?: "unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network";
                        /** @description Approved power, W */
                        approvedPowerW?: number | null;
                        /** @description A protected customer */
                        isProtected?: boolean;
                        /** @description There is a contract for what is fed in; null: nobody said */
                        exportContract?: boolean | null;
                        /** @description Energy that a year is expected to need, Wh */
                        expectedYearWh?: number | null;
                        /** @description Point whose meter measures the same line */
                        checkPointId?: number | null;
                    };
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changeId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoPointChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Change */
                pointChangeId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changeId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRatioRequests: {
        parameters: {
            query?: {
                /** @description Only of this point */
                pointId?: number;
                /** @description Only those that wait for somebody */
                open?: boolean;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Request */
                            requestId: number;
                            /** @description Point */
                            pointId: number;
                            /** @description Its code */
                            pod: string | null;
                            /** @description Its name */
                            name: string | null;
                            /**
                             * Format: date-time
                             * @description From this instant on (UTC)
                             */
                            from: string;
                            before: {
                                /** @description Ratio of the current transformers, exact decimal */
                                ctRatio: string;
                                /** @description Ratio of the voltage transformers, exact decimal */
                                vtRatio: string;
                                /** @description The ratios are not applied */
                                primaryValues: boolean;
                            };
                            after: {
                                /** @description Ratio of the current transformers, exact decimal */
                                ctRatio: string;
                                /** @description Ratio of the voltage transformers, exact decimal */
                                vtRatio: string;
                                /** @description The ratios are not applied */
                                primaryValues: boolean;
                            };
                            /** @description Why */
                            reason: string;
                            /** @description Who asked */
                            requestedBy: string;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            requestedAt: string;
                            /**
                             * Format: date-time
                             * @description Nobody can approve it afterwards (UTC)
                             */
                            validUntil: string;
                            /** @description Who looks asked for it himself */
                            own: boolean;
                            /**
                             * @description open: it waits for somebody
                             * @enum {string}
                             */
                            state: "open" | "approved" | "refused" | "withdrawn" | "overtaken" | "expired";
                            /** @description Who decided */
                            decidedBy: string | null;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            decidedAt: string | null;
                            /** @description What they noted */
                            note: string;
                            /** @description Days whose energy was derived again */
                            days: number | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestRatios: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ratio of the current transformers, exact decimal */
                    ctRatio: string;
                    /** @description Ratio of the voltage transformers, exact decimal */
                    vtRatio: string;
                    /** @description The meter shows primary values: the ratios are not applied */
                    primaryValues: boolean;
                    /**
                     * Format: date-time
                     * @description From this instant on (UTC)
                     */
                    from: string;
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Request */
                        requestId: number;
                        /**
                         * Format: date-time
                         * @description Nobody can approve it afterwards (UTC)
                         */
                        validUntil: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideRatios: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Request */
                requestId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The change is made; otherwise it is refused */
                    approve: boolean;
                    /** @description What the other one should know */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description overtaken: the meter has other ratios by now than were shown, so nothing was changed
                         * @enum {string}
                         */
                        state: "approved" | "refused" | "overtaken";
                        /** @description Days whose energy was derived again */
                        days: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawRatios: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Request */
                requestId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadCurve: {
        parameters: {
            query: {
                /** @description As it was known at this instant: corrections, estimates and values that came later are not shown (UTC) */
                knownAt?: string;
                /** @description Channel of this point */
                channel: number;
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoadCurve"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLoadCurve: {
        parameters: {
            query: {
                /** @description As it was known at this instant: corrections, estimates and values that came later are not shown (UTC) */
                knownAt?: string;
                /** @description Channel of this point */
                channel: number;
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRegisters: {
        parameters: {
            query?: {
                /** @description Only this register, OBIS code in full or reduced */
                obis?: string;
                /** @description As it was known at this instant: corrections, estimates and values that came later are not shown (UTC) */
                knownAt?: string;
                /** @description Rows to give; 200 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description OBIS code in full */
                            obis: string;
                            /** @description Value in `unit`, exact decimal */
                            value: string;
                            /** @description Unit */
                            unit: string;
                            /**
                             * Format: date-time
                             * @description Measured at (UTC)
                             */
                            measuredAt: string;
                            /**
                             * Format: date-time
                             * @description Received at (UTC)
                             */
                            receivedAt: string;
                            /** @description Quality bits */
                            flags: number;
                            /** @description 1 for the first value of this instant, higher after a correction */
                            version: number;
                            /** @description Serial number of the meter that counted */
                            serial: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tellInterval: {
        parameters: {
            query: {
                /** @description Channel of this point */
                channel: number;
                /** @description Instant inside the interval (UTC) */
                at: string;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntervalStory"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tellRegister: {
        parameters: {
            query: {
                /** @description Serial number of the meter */
                serial: string;
                /** @description OBIS code in full */
                obis: string;
                /** @description Measured at (UTC) */
                measuredAt: string;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterStory"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: {
                /** @description Rows to give; 50 when absent */
                limit?: number;
                /** @description Only attempts older than this one */
                before?: number;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["Attempt"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /**
                             * Format: date-time
                             * @description Happened at, by the device's clock (UTC)
                             */
                            at: string;
                            /** @description Code of the event table of the meter model; system:… for what we saw ourselves */
                            code: string;
                            /** @description Tells apart equal events of one instant */
                            seq: number;
                            /** @description Name of the code, such as terminal-cover-removed; pages translate it */
                            eventName: string | null;
                            /**
                             * Format: date-time
                             * @description Received at (UTC)
                             */
                            receivedAt: string;
                            detail: {
                                [key: string]: string | number | boolean;
                            } | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Attempt that was queued */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Name of the master key in use */
                        master: string;
                        dataKeys: {
                            /** @description Name of the master key that wraps them */
                            master: string;
                            /** @description How many */
                            dataKeys: number;
                            /** @description It is the one in use */
                            current: boolean;
                        }[];
                        /** @description Whom key files to us are encrypted to (age) */
                        recipient: string;
                        meterKeys: {
                            /**
                             * @description What the key is for
                             * @enum {string}
                             */
                            kind: "master" | "authentication" | "unicast" | "broadcast" | "lls-password" | "hls-secret" | "signing" | "meter-public" | "m-bus" | "ppp";
                            /**
                             * @description NEW: made, perhaps in the meter already; ACTIVE: in use; EXPIRED: replaced; WITHDRAWN: never came into use
                             * @enum {string}
                             */
                            state: "NEW" | "ACTIVE" | "EXPIRED" | "WITHDRAWN";
                            /** @description How many */
                            keys: number;
                            /**
                             * Format: date-time
                             * @description Since when the oldest of them is in this state (UTC)
                             */
                            oldestAt: string | null;
                            /** @description Those of which half of all invocation counters are used */
                            counterAlarms: number;
                        }[];
                        work: {
                            /** @description Change of keys of several devices */
                            keyWorkId: number;
                            /** @description Which devices, in words */
                            subject: string;
                            /** @description Who asked */
                            requestedBy: string | null;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            startedAt: string;
                            /** @description Devices */
                            total: number;
                            /** @description Changed and proven */
                            done: number;
                            /** @description Failed; their meters stay reachable */
                            failed: number;
                            /** @description Taken back */
                            cancelled: number;
                            /** @description Waiting or under way */
                            open: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPointKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Key */
                            meterKeyId: number;
                            /**
                             * @description What the key is for
                             * @enum {string}
                             */
                            kind: "master" | "authentication" | "unicast" | "broadcast" | "lls-password" | "hls-secret" | "signing" | "meter-public" | "m-bus" | "ppp";
                            /**
                             * @description NEW: made, perhaps in the meter already; ACTIVE: in use; EXPIRED: replaced; WITHDRAWN: never came into use
                             * @enum {string}
                             */
                            state: "NEW" | "ACTIVE" | "EXPIRED" | "WITHDRAWN";
                            /** @description Keyed hash: tells equal keys and nothing else */
                            fingerprint: string;
                            /**
                             * @description Where it came from
                             * @enum {string}
                             */
                            origin: "entered" | "imported" | "made";
                            /**
                             * Format: date-time
                             * @description When it came (UTC)
                             */
                            createdAt: string;
                            /** @description Who brought it */
                            createdBy: string | null;
                            /**
                             * Format: date-time
                             * @description When it came into use (UTC)
                             */
                            activatedAt: string | null;
                            /**
                             * Format: date-time
                             * @description When it was replaced or withdrawn (UTC)
                             */
                            endedAt: string | null;
                            /** @description Next invocation counter that will be sent; null for a key that does not count */
                            nextCounter: number | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestKeyChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Attempt that was queued */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKeyChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description cipher, when absent: encryption and authentication key; else the master key, the broadcast key, the password, or the secret of high-level security
                     * @enum {string}
                     */
                    what?: "cipher" | "master" | "broadcast" | "password" | "secret";
                    /** @description Devices of this branch and those below it; all when absent */
                    branchId?: number;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Change of keys */
                        keyWorkId: number;
                        /** @description Devices that have the keys for it */
                        total: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelKeyChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Change of keys */
                keyWorkId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportKeyFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    recipients: string[];
                    /** @description Devices of this branch and those below it; all when absent */
                    branchId?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importKeyFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file, base64; encrypted to `recipient` of the overview */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Devices of ours that it names */
                        devices: number;
                        /** @description Keys that are new */
                        keys: number;
                        unknown: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNetworks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where devices may be dialled; the network of the tunnels is added to it */
                        devices: string[];
                        /** @description Where the servers of directories may be */
                        directories: string[];
                        /** @description Where OpenID providers may be */
                        providers: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeNetworks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where devices may be dialled; the network of the tunnels is added to it */
                    devices: string[];
                    /** @description Where the servers of directories may be */
                    directories: string[];
                    /** @description Where OpenID providers may be */
                    providers: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where devices may be dialled; the network of the tunnels is added to it */
                        devices: string[];
                        /** @description Where the servers of directories may be */
                        directories: string[];
                        /** @description Where OpenID providers may be */
                        providers: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryNetworks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Address that is asked about */
                    address: string;
                    /** @description Where devices may be dialled; the network of the tunnels is added to it */
                    devices: string[];
                    /** @description Where the servers of directories may be */
                    directories: string[];
                    /** @description Where OpenID providers may be */
                    providers: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The address as it was understood */
                        address: string;
                        /** @description A device may be dialled there */
                        devices: boolean;
                        /** @description A directory may be there */
                        directories: boolean;
                        /** @description A provider may be there */
                        providers: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTunnels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Null until `energsys vpn init` */
                        settings: {
                            /** @description Private network that addresses are taken from */
                            network: string;
                            /** @description The server's own address in it */
                            serverAddress: string;
                            /** @description Where devices reach the tunnel's host */
                            endpoint: string;
                            /** @description The host's public key */
                            serverPublicKey: string;
                        } | null;
                        rows: {
                            /** @description Tunnel */
                            tunnelId: number;
                            /**
                             * @description linked: a handshake within the last five minutes that are known of; silent: longer ago; never: none yet; revoked: no longer ours
                             * @enum {string}
                             */
                            state: "linked" | "silent" | "never" | "revoked";
                            /** @description Device; null when it is gone */
                            identity: string | null;
                            /** @description Point of measure where the device is */
                            pod: string | null;
                            /** @description Names of the branch and of those above it, from the top down */
                            branch: string[];
                            /** @description What the tunnel is called */
                            label: string;
                            /** @description The device's public key */
                            publicKey: string;
                            /** @description The device's address in the tunnel */
                            address: string;
                            /**
                             * Format: date-time
                             * @description When its keys were made (UTC)
                             */
                            madeAt: string;
                            /** @description Day by which the keys should be new (UTC date) */
                            rotateBy: string;
                            /** @description That day has come */
                            rotationDue: boolean;
                            /**
                             * Format: date-time
                             * @description When it ended (UTC)
                             */
                            revokedAt: string | null;
                            /**
                             * Format: date-time
                             * @description Last sign of life (UTC)
                             */
                            lastHandshakeAt: string | null;
                            /** @description Bytes from the device, since the host's interface came up */
                            receivedBytes: number;
                            /** @description Bytes to the device, likewise */
                            sentBytes: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Device */
                    identity: string;
                    /** @description What the tunnel is called */
                    label?: string;
                    /** @description The keys should be new after so many days */
                    days: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Tunnel */
                        tunnelId: number;
                        /** @description The device's address in the tunnel */
                        address: string;
                        /** @description The device's file with its private key: given out this once and kept nowhere */
                        config: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewTunnelKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tunnel */
                tunnelId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The keys should be new after so many days */
                    days: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Tunnel */
                        tunnelId: number;
                        /** @description The device's address in the tunnel */
                        address: string;
                        /** @description The device's file with its private key: given out this once and kept nowhere */
                        config: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tunnel */
                tunnelId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeTunnelState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What `wg show INTERFACE dump` says; keys other than public ones are not looked at */
                    dump: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Tunnels of ours that were in it */
                        known: number;
                        /** @description Peers that nobody knows */
                        unknown: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportTunnelPeers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeviceCertificates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where devices call, as the last file had it; null before the first */
                        address: string | null;
                        /** @description Those in force first */
                        rows: {
                            /** @description Certificate */
                            certificateId: number;
                            /** @description The device that it is for: what it announces itself by */
                            identity: string;
                            /**
                             * @description in-use: the device was admitted by it; not-used: given out, never shown; ended: its time is over; revoked: no longer ours
                             * @enum {string}
                             */
                            state: "in-use" | "not-used" | "ended" | "revoked";
                            /** @description SHA-256 of the certificate, hexadecimal */
                            fingerprint: string;
                            /**
                             * Format: date-time
                             * @description When it was issued (UTC)
                             */
                            issuedAt: string;
                            /**
                             * Format: date-time
                             * @description When its time is over (UTC)
                             */
                            endsAt: string;
                            /**
                             * Format: date-time
                             * @description When the device was admitted by it first (UTC)
                             */
                            firstUsedAt: string | null;
                            /**
                             * Format: date-time
                             * @description When the device was admitted by it last (UTC)
                             */
                            lastUsedAt: string | null;
                            /**
                             * Format: date-time
                             * @description When it was revoked (UTC)
                             */
                            revokedAt: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueDeviceCertificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The device: a concentrator's identity, or a device that is entered */
                    identity: string;
                    /** @description Where the device calls, host:port; that of the last file when left out */
                    address?: string;
                    /** @description It ends after so many days */
                    days: number;
                    /** @description A new one for a device that has one: that stays good until the device shows the new one, and ends at once when it was never shown */
                    replace?: boolean;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Certificate */
                        certificateId: number;
                        /** @description SHA-256 of the certificate, hexadecimal */
                        fingerprint: string;
                        /**
                         * Format: date-time
                         * @description When its time is over (UTC)
                         */
                        endsAt: string;
                        /** @description The device's file in PEM with certificate, private key and authorities: given out this once and kept nowhere */
                        file: string;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeDeviceCertificate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Certificate */
                certificateId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAttempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Attempt */
                attemptId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelAttempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Attempt */
                attemptId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        accepted: true;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTrial: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Device URL, such as dlms+tcp://host:4059?client=16 (docs: device URLs); secrets in it are taken out and sealed */
                    url: string;
                    /** @description Password for low-level security or programming mode; stored sealed, never given out */
                    password?: string;
                    /** @description Secret of high-level security by MD5, SHA-1, SHA-256 or the maker's way; text, or `hex:` and digits; stored sealed, never given out */
                    hlsSecret?: string;
                    /** @description Global unicast encryption key, 16 or 32 bytes, hexadecimal; stored sealed, never given out */
                    encryptionKey?: string;
                    /** @description Authentication key, as long as the encryption key, hexadecimal; stored sealed, never given out */
                    authenticationKey?: string;
                    /** @description Master key of the meter, which wraps new keys on their way to it, hexadecimal; stored sealed, never given out */
                    masterKey?: string;
                    /** @description Global broadcast encryption key, hexadecimal; stored sealed, never given out */
                    broadcastKey?: string;
                    /** @description Private key that the head-end signs with, hexadecimal; stored sealed, never given out */
                    signingKey?: string;
                    /** @description Public key of the meter, hexadecimal; stored sealed, never given out */
                    meterPublicKey?: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Attempt that was queued */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createDevice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Device URL, such as dlms+tcp://host:4059?client=16 (docs: device URLs); secrets in it are taken out and sealed */
                    url: string;
                    /** @description Password for low-level security or programming mode; stored sealed, never given out */
                    password?: string;
                    /** @description Secret of high-level security by MD5, SHA-1, SHA-256 or the maker's way; text, or `hex:` and digits; stored sealed, never given out */
                    hlsSecret?: string;
                    /** @description Global unicast encryption key, 16 or 32 bytes, hexadecimal; stored sealed, never given out */
                    encryptionKey?: string;
                    /** @description Authentication key, as long as the encryption key, hexadecimal; stored sealed, never given out */
                    authenticationKey?: string;
                    /** @description Master key of the meter, which wraps new keys on their way to it, hexadecimal; stored sealed, never given out */
                    masterKey?: string;
                    /** @description Global broadcast encryption key, hexadecimal; stored sealed, never given out */
                    broadcastKey?: string;
                    /** @description Private key that the head-end signs with, hexadecimal; stored sealed, never given out */
                    signingKey?: string;
                    /** @description Public key of the meter, hexadecimal; stored sealed, never given out */
                    meterPublicKey?: string;
                    /** @description What the device claims to be */
                    identity: string;
                    /** @description Meter model */
                    model: string;
                    /** @description Manufacturer */
                    manufacturer: string;
                    /** @description Serial number of the meter */
                    serial: string;
                    /** @description Code of the point of delivery */
                    pod: string;
                    /** @description Name of the point */
                    name: string;
                    /** @description Address of the location */
                    address: string;
                    /** @description Branch and those above it, from the top down; missing ones are made */
                    branch: string[];
                    /**
                     * @description 1 or 3
                     * @enum {integer}
                     */
                    phases: 1 | 3;
                    /** @description Current transformer ratio */
                    ctRatio: string;
                    /** @description Voltage transformer ratio */
                    vtRatio: string;
                    /**
                     * Format: date-time
                     * @description When the meter was installed here; readings from before are not the point's. 400 days ago when absent (UTC)
                     */
                    installedAt?: string;
                    /** @description The meter shows primary values: the ratios are not applied */
                    primaryValues: boolean;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Point */
                        pointId: number;
                        /** @description Device */
                        deviceId: number;
                        /** @description First read, queued */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLog: {
        parameters: {
            query?: {
                /** @description Which log */
                kind?: "application" | "parametrisation";
                /** @description Whose entries */
                actor?: string;
                /** @description Of which page */
                page?: string;
                /** @description From (UTC) */
                from?: string;
                /** @description Up to, not included (UTC) */
                to?: string;
                /** @description Kind of the thing whose log it is */
                objectType?: string;
                /** @description Its id */
                objectId?: string;
                /** @description Only these; security takes alarms in */
                severity?: "security" | "alarm";
                /** @description Only what is older than this number */
                before?: number;
                /** @description Rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["LogEntry"][];
                        /** @description There are older ones */
                        more: boolean;
                        checked: {
                            /** @description The chain of entries agrees up to this number */
                            upTo: number;
                            /**
                             * Format: date-time
                             * @description When that was computed (UTC)
                             */
                            at: string | null;
                            fault: {
                                /** @description First entry that does not agree */
                                seq: number;
                                /**
                                 * @description What is wrong with it
                                 * @enum {string}
                                 */
                                reason: "changed" | "unlinked" | "missing" | "rootless" | "cut" | "other-head";
                            } | null;
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLogNames: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actors: string[];
                        pages: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCommunication: {
        parameters: {
            query?: {
                /** @description Who asked */
                actor?: string;
                /** @description From (UTC) */
                from?: string;
                /** @description Up to, not included (UTC) */
                to?: string;
                /** @description Point whose devices */
                point?: number;
                /** @description Device */
                device?: number;
                /** @description Only what is older than this number */
                before?: number;
                /** @description Rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Attempt */
                            attemptId: number;
                            /**
                             * Format: date-time
                             * @description When it was asked for (UTC)
                             */
                            at: string;
                            /** @description Who asked; null for a plan or the device itself */
                            actor: string | null;
                            /**
                             * @description Why the device is read
                             * @enum {string}
                             */
                            cause: "plan" | "read-now" | "trial" | "call-in" | "push" | "key-change" | "gateway";
                            /** @description Device */
                            deviceId: number | null;
                            /** @description What the device is called */
                            identity: string | null;
                            /** @description Point where its meter stands now */
                            pointId: number | null;
                            /** @description Code of that point */
                            pod: string | null;
                            /**
                             * @description How far it came
                             * @enum {string}
                             */
                            state: "queued" | "connecting" | "reading" | "storing" | "done" | "failed" | "cancelled";
                            /** @description Code of docs/errors.md */
                            errorCode: string | null;
                            /**
                             * Format: date-time
                             * @description End (UTC)
                             */
                            endedAt: string | null;
                            /** @description Intervals, registers and events that it brought */
                            records: number;
                            /** @description Bytes received */
                            bytesReceived: number;
                        }[];
                        /** @description There are older ones */
                        more: boolean;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLog: {
        parameters: {
            query?: {
                /** @description Which log */
                kind?: "application" | "parametrisation";
                /** @description Whose entries */
                actor?: string;
                /** @description Of which page */
                page?: string;
                /** @description From (UTC) */
                from?: string;
                /** @description Up to, not included (UTC) */
                to?: string;
                /** @description Kind of the thing whose log it is */
                objectType?: string;
                /** @description Its id */
                objectId?: string;
                /** @description Only these; security takes alarms in */
                severity?: "security" | "alarm";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLogCsv: {
        parameters: {
            query?: {
                /** @description Which log */
                kind?: "application" | "parametrisation";
                /** @description Whose entries */
                actor?: string;
                /** @description Of which page */
                page?: string;
                /** @description From (UTC) */
                from?: string;
                /** @description Up to, not included (UTC) */
                to?: string;
                /** @description Kind of the thing whose log it is */
                objectType?: string;
                /** @description Its id */
                objectId?: string;
                /** @description Only these; security takes alarms in */
                severity?: "security" | "alarm";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPointsImportsMade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest hundred first */
                        rows: {
                            /** @description Import */
                            pointsImportId: number;
                            /** @description Name of the file */
                            name: string;
                            /** @description Lines below the head */
                            lines: number;
                            /**
                             * @description checked: nothing is stored yet; running and undoing: a job is at it; done; undone
                             * @enum {string}
                             */
                            state: "checked" | "running" | "done" | "undoing" | "undone";
                            /** @description Name of the account that brought it */
                            madeBy: string;
                            /**
                             * Format: date-time
                             * @description Brought at (UTC)
                             */
                            madeAt: string;
                            jobId: number | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPointsImportFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the file */
                    name: string;
                    /** @description Its content: CSV in UTF-8, the first line names the columns */
                    text?: string;
                    /** @description In place of `text`: an XLSX workbook in base64, of which the first sheet counts */
                    workbook?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Import */
                        pointsImportId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Default Response */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPointsImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                pointsImportId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointsImport"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePointsImportFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                pointsImportId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    mapping?: {
                        /** @description Place of the column in the file, from 0 */
                        pod?: number;
                        /** @description Place of the column in the file, from 0 */
                        name?: number;
                        /** @description Place of the column in the file, from 0 */
                        address?: number;
                        /** @description Place of the column in the file, from 0 */
                        branch?: number;
                        /** @description Place of the column in the file, from 0 */
                        phases?: number;
                        /** @description Place of the column in the file, from 0 */
                        direction?: number;
                        /** @description Place of the column in the file, from 0 */
                        approvedPower?: number;
                        /** @description Place of the column in the file, from 0 */
                        latitude?: number;
                        /** @description Place of the column in the file, from 0 */
                        longitude?: number;
                        /** @description Place of the column in the file, from 0 */
                        serial?: number;
                        /** @description Place of the column in the file, from 0 */
                        manufacturer?: number;
                        /** @description Place of the column in the file, from 0 */
                        model?: number;
                        /** @description Place of the column in the file, from 0 */
                        maxCurrent?: number;
                        /** @description Place of the column in the file, from 0 */
                        indexDigits?: number;
                        /** @description Place of the column in the file, from 0 */
                        installedAt?: number;
                        /** @description Place of the column in the file, from 0 */
                        ctRatio?: number;
                        /** @description Place of the column in the file, from 0 */
                        vtRatio?: number;
                        /** @description Place of the column in the file, from 0 */
                        identity?: number;
                        /** @description Place of the column in the file, from 0 */
                        url?: number;
                    };
                    /** @description Corrected cells; they add to those of before */
                    fixes?: {
                        /** @description Line below the head, from 1 */
                        row: number;
                        /**
                         * @description What a column of the file holds
                         * @enum {string}
                         */
                        column: "pod" | "name" | "address" | "branch" | "phases" | "direction" | "approvedPower" | "latitude" | "longitude" | "serial" | "manufacturer" | "model" | "maxCurrent" | "indexDigits" | "installedAt" | "ctRatio" | "vtRatio" | "identity" | "url";
                        /** @description What is to stand there */
                        value: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportPointsImportFaults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                pointsImportId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runPointsImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                pointsImportId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The job that does it */
                        jobId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoPointsImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                pointsImportId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The job that does it */
                        jobId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Open ones and those that ended within a day, the newest first: one's own and those of one's rights */
                        rows: components["schemas"]["Job"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Job */
                jobId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobFailures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Job */
                jobId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The first thousand */
                        rows: {
                            /** @description Item */
                            item: string;
                            /** @description Code of docs/errors.md */
                            code: string;
                            /** @description What is wrong with it */
                            detail: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Job */
                jobId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                /** @description unacknowledged (when absent): not yet seen by anybody; active: not over; all: the history */
                state?: "unacknowledged" | "active" | "all";
                /** @description critical: somebody now; medium: somebody today; low: to be known */
                severity?: "critical" | "medium" | "low";
                /** @description How far back, days; 30 when absent */
                days?: number;
                /** @description Rows to give; 200 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Alarms that match */
                        total: number;
                        /** @description Not acknowledged, in the period, by severity */
                        counts: {
                            /** @description Critical */
                            critical: number;
                            /** @description Medium */
                            medium: number;
                            /** @description Low */
                            low: number;
                        };
                        /** @description The worst first, among these the newest */
                        rows: components["schemas"]["Alarm"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeAlarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    alarms: {
                        /** @description Device that told of it */
                        deviceId: number;
                        /**
                         * Format: date-time
                         * @description Happened at, by the device's clock (UTC)
                         */
                        at: string;
                        /** @description Code of the event table */
                        code: string;
                        /** @description Tells apart equal events of one instant */
                        seq: number;
                    }[];
                    /** @description What was found or done */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Alarms that nobody had acknowledged before */
                        acknowledged: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description due (when absent): open or estimated, nobody has decided */
                state?: "due" | "open" | "accepted" | "estimated" | "edited" | "cleared";
                /** @description Only of this rule */
                rule?: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                /** @description F: intervals are refused; W: a person looks; I: noted */
                severity?: "F" | "W" | "I";
                /** @description Only in this branch and below */
                branchId?: number;
                /** @description Only of this point */
                pointId?: number;
                /** @description Name of the account that looks after it; `me`; `nobody` */
                owner?: string;
                /** @description First day; 60 days back when absent (market-local date) */
                from?: string;
                /** @description Day after the last; tomorrow when absent (market-local date) */
                to?: string;
                /** @description Only days this long ago */
                olderThanDays?: number;
                /** @description Rows to give; 200 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Findings that match */
                        total: number;
                        /** @description Undecided findings of those days, by rule, whatever else is asked for */
                        counts: {
                            /** @description Rule */
                            rule: string;
                            /**
                             * @description F: intervals are refused; W: a person looks; I: noted
                             * @enum {string}
                             */
                            severity: "F" | "W" | "I";
                            /** @description Findings */
                            count: number;
                        }[];
                        /** @description The worst first, among these the newest */
                        rows: components["schemas"]["FindingRow"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Finding */
                findingId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Finding */
                findingId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What counts: the measured value, or the estimate that stands there
                     * @enum {string}
                     */
                    stands: "measured" | "estimate";
                    /** @description Why */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reopenFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Finding */
                findingId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assignFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Finding */
                findingId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Account; null: nobody in particular */
                    name: string | null;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chooseEstimate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Finding */
                findingId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Method
                     * @enum {string}
                     */
                    method: "E1" | "E2" | "E3" | "E4" | "E5" | "E6" | "E7";
                    /**
                     * @description Why
                     * @enum {string}
                     */
                    reason: "no-access" | "communication-fault" | "network-outage" | "device-exchange" | "clock-set" | "meter-faulty" | "wrong-ratio" | "misreading" | "tariff-switch-fault" | "implausible";
                    /** @description In one's own words */
                    comment: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Edit */
                        editId: number;
                        /**
                         * @description applied, or waiting for a second person
                         * @enum {string}
                         */
                        state: "waiting" | "applied" | "refused" | "undone";
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewAcceptance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Rule
                     * @enum {string}
                     */
                    rule: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                    /**
                     * @description How all their intervals are estimated: E4+S
                     * @enum {string}
                     */
                    method: "E1" | "E1+S" | "E2" | "E2+S" | "E3" | "E3+S" | "E4" | "E4+S" | "E5" | "E5+S" | "E6" | "E6+S" | "E7" | "E7+S";
                    /** @description Only in this branch and below */
                    branchId?: number;
                    /** @description First day; 60 days back when absent (market-local date) */
                    from?: string;
                    /** @description Day after the last; tomorrow when absent (market-local date) */
                    to?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Exactly these would be accepted */
                        findingIds: number[];
                        /** @description Points */
                        points: number;
                        /** @description Intervals */
                        intervals: number;
                        energy: {
                            /** @description Unit */
                            unit: string;
                            /** @description Sum of the estimates, exact decimal */
                            value: string;
                        }[];
                        /** @description Ten at most, spread over the list */
                        sample: components["schemas"]["FindingRow"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptFindings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Rule
                     * @enum {string}
                     */
                    rule: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                    /**
                     * @description Method that was previewed
                     * @enum {string}
                     */
                    method: "E1" | "E1+S" | "E2" | "E2+S" | "E3" | "E3+S" | "E4" | "E4+S" | "E5" | "E5+S" | "E6" | "E6+S" | "E7" | "E7+S";
                    /** @description As previewed, or those that failed before */
                    findingIds: number[];
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Job, in the tray */
                        jobId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listValueEdits: {
        parameters: {
            query?: {
                /** @description Only these */
                state?: "waiting" | "applied" | "refused" | "undone";
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest first */
                        rows: components["schemas"]["ValueEdit"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editValues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Channel of the point */
                    channelId: number;
                    /** @description Day (market-local date) */
                    day: string;
                    /**
                     * @description values: these count; refusal: what was measured there does not
                     * @enum {string}
                     */
                    kind: "values" | "refusal";
                    values: {
                        /** @description Interval of the day, from 0 */
                        slot: number;
                        /** @description New value, in the channel's integers; of a refusal it does not matter */
                        value: number;
                    }[];
                    /**
                     * @description Why
                     * @enum {string}
                     */
                    reason: "no-access" | "communication-fault" | "network-outage" | "device-exchange" | "clock-set" | "meter-faulty" | "wrong-ratio" | "misreading" | "tariff-switch-fault" | "implausible";
                    /** @description In one's own words */
                    comment: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Edit */
                        editId: number;
                        /**
                         * @description applied, or waiting for a second person
                         * @enum {string}
                         */
                        state: "waiting" | "applied" | "refused" | "undone";
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideEdit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Edit */
                editId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whether it counts from now on */
                    approve: boolean;
                    /** @description Why */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoEdit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Edit */
                editId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description In one's own words */
                    comment: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQuality: {
        parameters: {
            query?: {
                /** @description Month; the one that closes next when absent */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Month, YYYY-MM */
                        month: string;
                        /**
                         * Format: date-time
                         * @description When the billing month closes (UTC)
                         */
                        closesAt: string;
                        /** @description Points with a meter in that month */
                        points: number;
                        /** @description Of these, whole in every interval, with nothing refused open and no edit waiting */
                        billable: number;
                        /** @description Edits that wait for a second person */
                        waitingEdits: number;
                        /** @description Open findings of the month */
                        byRule: {
                            /** @description Rule */
                            rule: string;
                            /**
                             * @description F: intervals are refused; W: a person looks; I: noted
                             * @enum {string}
                             */
                            severity: "F" | "W" | "I";
                            /** @description Findings */
                            count: number;
                        }[];
                        byBranch: {
                            /** @description Branch */
                            branchId: number;
                            /** @description Names of the branch and of those above it, from the top down */
                            branch: string[];
                            /** @description Points */
                            points: number;
                            /** @description Billable */
                            billable: number;
                            /** @description Open findings */
                            open: number;
                        }[];
                        byAge: {
                            /** @description Days since they were found */
                            from: number;
                            /** @description Not included; null: or longer */
                            to: number | null;
                            /** @description Open findings */
                            count: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listValidationRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /**
                             * @description Rule
                             * @enum {string}
                             */
                            rule: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                            /** @description What it looks at */
                            about: string;
                            /**
                             * @description F: intervals are refused; W: a person looks; I: noted
                             * @enum {string}
                             */
                            severity: "F" | "W" | "I";
                            thresholds: {
                                [key: string]: {
                                    min: number;
                                    max: number;
                                    default: number;
                                };
                            };
                            classes: {
                                /**
                                 * @description Class of points
                                 * @enum {string}
                                 */
                                class: "household" | "business" | "industry" | "prosumer" | "producer" | "balance";
                                /** @description Runs */
                                enabled: boolean;
                                /** @description Set for all that it finds */
                                severity: string | null;
                                thresholds: {
                                    [key: string]: number;
                                };
                                /** @description Since which day it is set so; null: as it comes */
                                from: string | null;
                                /** @description Account */
                                setBy: string | null;
                                /** @description Why */
                                reason: string | null;
                            }[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setValidationRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Rule
                     * @enum {string}
                     */
                    rule: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                    /**
                     * @description Class of points
                     * @enum {string}
                     */
                    class: "household" | "business" | "industry" | "prosumer" | "producer" | "balance";
                    /** @description Whether it runs; as it comes when absent */
                    enabled?: boolean;
                    /**
                     * @description F: intervals are refused; W: a person looks; I: noted
                     * @enum {string}
                     */
                    severity?: "F" | "W" | "I";
                    /** @description Only what differs from the defaults */
                    thresholds?: {
                        [key: string]: number;
                    };
                    /** @description First day of measured data for which it holds (market-local date) */
                    from: string;
                    /** @description In one's own words */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dryRunRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    settings: {
                        /**
                         * @description Rule
                         * @enum {string}
                         */
                        rule: "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17" | "V18" | "V19" | "V20" | "V21";
                        /**
                         * @description Class of points
                         * @enum {string}
                         */
                        class: "household" | "business" | "industry" | "prosumer" | "producer" | "balance";
                        /** @description Whether it runs; as it comes when absent */
                        enabled?: boolean;
                        /**
                         * @description F: intervals are refused; W: a person looks; I: noted
                         * @enum {string}
                         */
                        severity?: "F" | "W" | "I";
                        /** @description Only what differs from the defaults */
                        thresholds?: {
                            [key: string]: number;
                        };
                    }[];
                    /** @description First day (market-local date) */
                    from: string;
                    /** @description Day after the last (market-local date) */
                    to: string;
                    /** @description Points at most */
                    pointsMax: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Job, in the tray */
                        jobId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getValidationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description An edit that moves more energy waits for a second person, Wh */
                        alonePerEditWh: number;
                        /** @description Day of the next month at whose end the billing month closes */
                        closingDay: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setValidationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An edit that moves more energy waits for a second person, Wh */
                    alonePerEditWh: number;
                    /** @description Day of the next month at whose end the billing month closes */
                    closingDay: number;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConcentrators: {
        parameters: {
            query?: {
                /** @description Part of identity, name, address or link address */
                q?: string;
                /** @description Only of this branch and of those below it */
                branch?: number;
                /** @description online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours */
                state?: "online" | "silent" | "shutdown" | "quarantine" | "retired";
                /** @description Rows to skip */
                offset?: number;
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Concentrators that match; retired ones only when they are asked for */
                        total: number;
                        /** @description By state, whatever state is asked for */
                        counts: {
                            /** @description Online */
                            online: number;
                            /** @description Silent */
                            silent: number;
                            /** @description Shut down */
                            shutdown: number;
                            /** @description In quarantine */
                            quarantine: number;
                            /** @description Retired */
                            retired: number;
                        };
                        /** @description Quarantine first, then the silent */
                        rows: components["schemas"]["ConcentratorRow"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Concentrator"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What people call it */
                    name?: string;
                    /** @description Branch */
                    branchId?: number;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeDifferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    differenceIds: number[];
                    /** @description Why, or what was found */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Differences that were open */
                        acknowledged: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEquipmentBranches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Branches in which the caller may put a concentrator */
                        branches: {
                            /** @description Branch */
                            branchId: number;
                            /** @description Names of the branch and of those above it, from the top down */
                            path: string[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adoptConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What people call it */
                    name: string;
                    /** @description Branch in which it stands; its people see it from then on */
                    branchId: number;
                    /** @description Takes back one that was retired */
                    again?: boolean;
                    /** @description Why; stands in the activity log */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retireConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handOverEffect: {
        parameters: {
            query: {
                /** @description Concentrator that takes over */
                to: number;
            };
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Meters that are read through the new one */
                        meters: number;
                        /** @description Of these, those that the new one has found already */
                        found: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handOverConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Concentrator that takes over */
                    to: number;
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Meters that are read through the new one */
                        meters: number;
                        /** @description Of these, those that the new one has found already */
                        found: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestOfConcentrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description scan: looks for meters on its lines; read-all: reads every meter; set-clocks: its clock and those of its meters; read-state: its state and configuration
                     * @enum {string}
                     */
                    action: "scan" | "read-all" | "set-clocks" | "read-state";
                    /** @description Why; stands in the activity log */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Attempt that was queued */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adoptMeters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    meters: {
                        /** @description Logical device of the meter */
                        logicalDevice: number;
                        /** @description Code of the point: one that is there, or a new one */
                        pod: string;
                        /** @description Name of a new point; that of the meter when absent */
                        name?: string;
                        /** @description Address of a new point; that of the concentrator when absent */
                        address?: string;
                    }[];
                    /** @description Only says what would come of it */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description In the order of the request */
                        meters: {
                            /** @description Logical device */
                            logicalDevice: number;
                            /** @description Name of the meter */
                            name: string;
                            /**
                             * @description At a point that was there, at a new one, or not at all
                             * @enum {string}
                             */
                            outcome: "existing" | "new" | "refused";
                            /** @description Why it was refused, a code of docs/errors.md */
                            errorCode: string | null;
                            /** @description Its point */
                            pointId: number | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptExchange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Logical device of the meter that went */
                    oldDevice: number;
                    /** @description Logical device of the one in its place */
                    newDevice: number;
                    /**
                     * Format: date-time
                     * @description When it was exchanged (UTC)
                     */
                    at: string;
                    /** @description Register, exact kWh */
                    finalIndexKwh?: string;
                    /** @description Register, exact kWh */
                    initialIndexKwh?: string;
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Point */
                        pointId: number;
                        /** @description Days of the point that changed */
                        days: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    settings: {
                        /**
                         * @description Setting of a concentrator, by its path in the configuration
                         * @enum {string}
                         */
                        setting: "schedule.registersEverySeconds" | "schedule.profilesEverySeconds" | "schedule.eventsEverySeconds" | "schedule.sealEverySeconds" | "schedule.scanEverySeconds" | "schedule.clocksEverySeconds" | "schedule.profileBackDays" | "store.keepDays" | "centre.heartbeatSeconds";
                        /** @description New value */
                        value: number;
                    }[];
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Proposal */
                        proposalId: number;
                        /** @description Attempt that sends it */
                        attemptId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportConcentrators: {
        parameters: {
            query?: {
                /** @description Part of identity, name, address or link address */
                q?: string;
                /** @description Only of this branch and of those below it */
                branch?: number;
                /** @description online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours */
                state?: "online" | "silent" | "shutdown" | "quarantine" | "retired";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportGatewayMeters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Concentrator */
                gatewayId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description Words of name or branch; diacritics do not matter */
                q?: string;
                /** @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point */
                kind?: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
                /** @description Only groups of this branch and of those below it */
                branch?: number;
                /** @description As it was, or will be, at this instant; now when absent (UTC) */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By name */
                        rows: components["schemas"]["GroupRow"][];
                        /** @description How many findings of each kind */
                        checks: {
                            /** @description point-twice */
                            "point-twice": number;
                            /** @description no-balance-meter */
                            "no-balance-meter": number;
                            /** @description below-without-balance */
                            "below-without-balance": number;
                            /** @description balance-is-member */
                            "balance-is-member": number;
                            /** @description cycle */
                            cycle: number;
                            /** @description outside-branch */
                            "outside-branch": number;
                            /** @description point-without-group */
                            "point-without-group": number;
                        };
                        /** @description How far the sums of the whole network are behind */
                        sums: {
                            /** @description Days of groups that have to be summed again, and writes that nobody has looked at */
                            waiting: number;
                            /**
                             * Format: date-time
                             * @description Since when the oldest of them waits (UTC)
                             */
                            since: string | null;
                        };
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGroup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point
                     * @enum {string}
                     */
                    kind: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
                    /** @description Name */
                    name: string;
                    /** @description Branch in which its points lie; null: the whole network, for who may change all of it */
                    branchId: number | null;
                    /** @description Group above it */
                    parentId?: number;
                    /**
                     * Format: date-time
                     * @description Since when it lies below that group, on a quarter-hour (UTC)
                     */
                    from?: string;
                    /** @description Rule of a free group; null: its points are chosen one by one */
                    rule?: {
                        /** @description These branches and those below them */
                        branchIds?: number[];
                        categories?: ("unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network")[];
                        /**
                         * @description Phases
                         * @enum {integer}
                         */
                        phases?: 1 | 3;
                        voltages?: ("low" | "medium" | "high")[];
                        /** @description Models of the meter that stands there now */
                        models?: string[];
                        /** @description Words that all occur in code, name, address, branch, serial number or identity */
                        words?: string;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The new group */
                        groupId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkGroups: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this instant; now when absent (UTC) */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many findings of each kind */
                        counts: {
                            /** @description point-twice */
                            "point-twice": number;
                            /** @description no-balance-meter */
                            "no-balance-meter": number;
                            /** @description below-without-balance */
                            "below-without-balance": number;
                            /** @description balance-is-member */
                            "balance-is-member": number;
                            /** @description cycle */
                            cycle: number;
                            /** @description outside-branch */
                            "outside-branch": number;
                            /** @description point-without-group */
                            "point-without-group": number;
                        };
                        /** @description The first 200 of each kind */
                        findings: {
                            /**
                             * @description What does not fit together
                             * @enum {string}
                             */
                            kind: "point-twice" | "no-balance-meter" | "below-without-balance" | "balance-is-member" | "cycle" | "outside-branch" | "point-without-group";
                            /** @description Group */
                            groupId: number | null;
                            /** @description Its name */
                            group: string | null;
                            /** @description Point */
                            pointId: number | null;
                            /** @description Its code */
                            pod: string | null;
                            /** @description The second group, or the one above */
                            otherGroupId: number | null;
                            /** @description Its name */
                            otherGroup: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Branch of the group */
                    branchId: number | null;
                    /** @description Which points a free group proposes: all that is given must hold */
                    rule: {
                        /** @description These branches and those below them */
                        branchIds?: number[];
                        categories?: ("unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network")[];
                        /**
                         * @description Phases
                         * @enum {integer}
                         */
                        phases?: 1 | 3;
                        voltages?: ("low" | "medium" | "high")[];
                        /** @description Models of the meter that stands there now */
                        models?: string[];
                        /** @description Words that all occur in code, name, address, branch, serial number or identity */
                        words?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Points that the rule chooses now */
                        points: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroupOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description May groups of the whole network be made */
                        wholeNetwork: boolean;
                        /** @description Branches in which groups may be made */
                        branches: {
                            /** @description Branch */
                            branchId: number;
                            /** @description Names of the branch and of those above it, from the top down */
                            path: string[];
                        }[];
                        /** @description Models of the meters that stand at points there */
                        models: string[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this instant; now when absent (UTC) */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name */
                    name?: string;
                    /** @description Rule of a free group; null: its points are chosen one by one */
                    rule?: {
                        /** @description These branches and those below them */
                        branchIds?: number[];
                        categories?: ("unknown" | "household" | "business" | "industry" | "public" | "lighting" | "producer" | "network")[];
                        /**
                         * @description Phases
                         * @enum {integer}
                         */
                        phases?: 1 | 3;
                        voltages?: ("low" | "medium" | "high")[];
                        /** @description Models of the meter that stands there now */
                        models?: string[];
                        /** @description Words that all occur in code, name, address, branch, serial number or identity */
                        words?: string;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroupMembers: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this instant; now when absent (UTC) */
                at?: string;
                /** @description Rows to skip */
                offset?: number;
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Members at that instant */
                        total: number;
                        /** @description By number of the point */
                        rows: {
                            /** @description Point */
                            pointId: number;
                            /** @description Code of the point */
                            pod: string;
                            /** @description Name of the point */
                            name: string;
                            /** @description Address of the location */
                            address: string;
                            /** @description Serial number of the meter now installed */
                            serial: string | null;
                            /**
                             * @description 1: counts; −1: counts as given back
                             * @enum {integer}
                             */
                            sign: 1 | -1;
                            /**
                             * Format: date-time
                             * @description Since (UTC)
                             */
                            from: string;
                            /**
                             * Format: date-time
                             * @description Until; null while nobody has said (UTC)
                             */
                            to: string | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportGroup: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this instant; now when absent (UTC) */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewGroupChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Members of the group, or its balance meters
                     * @enum {string}
                     */
                    side: "members" | "balance";
                    /**
                     * Format: date-time
                     * @description From when, on a quarter-hour (UTC)
                     */
                    from: string;
                    /**
                     * Format: date-time
                     * @description Until when, on a quarter-hour; absent: for good (UTC)
                     */
                    to?: string;
                    /**
                     * @description set: exactly these from then on; add, remove: these come or go; rule: exactly what the group's rule chooses now
                     * @enum {string}
                     */
                    mode: "set" | "add" | "remove" | "rule";
                    points?: {
                        /** @description Point */
                        pointId: number;
                        /**
                         * @description 1: counts; −1: counts as given back
                         * @enum {integer}
                         */
                        sign?: 1 | -1;
                    }[];
                    /** @description Points by their codes, as a file names them */
                    pods?: {
                        /** @description Code of a point */
                        pod: string;
                        /**
                         * @description 1: counts; −1: counts as given back
                         * @enum {integer}
                         */
                        sign?: 1 | -1;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupEffect"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Members of the group, or its balance meters
                     * @enum {string}
                     */
                    side: "members" | "balance";
                    /**
                     * Format: date-time
                     * @description From when, on a quarter-hour (UTC)
                     */
                    from: string;
                    /**
                     * Format: date-time
                     * @description Until when, on a quarter-hour; absent: for good (UTC)
                     */
                    to?: string;
                    /**
                     * @description set: exactly these from then on; add, remove: these come or go; rule: exactly what the group's rule chooses now
                     * @enum {string}
                     */
                    mode: "set" | "add" | "remove" | "rule";
                    points?: {
                        /** @description Point */
                        pointId: number;
                        /**
                         * @description 1: counts; −1: counts as given back
                         * @enum {integer}
                         */
                        sign?: 1 | -1;
                    }[];
                    /** @description Points by their codes, as a file names them */
                    pods?: {
                        /** @description Code of a point */
                        pod: string;
                        /**
                         * @description 1: counts; −1: counts as given back
                         * @enum {integer}
                         */
                        sign?: 1 | -1;
                    }[];
                    /** @description Token of the effect that was shown */
                    token: string;
                    /** @description Why */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The change; null when nothing is different */
                        changeId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoGroupChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
                /** @description Change of the group */
                changeId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The change; null when nothing is different */
                        changeId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeGroupParent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Group above it; null: none */
                    parentId: number | null;
                    /**
                     * Format: date-time
                     * @description From when, on a quarter-hour (UTC)
                     */
                    from: string;
                    /** @description Why */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The change; null when nothing is different */
                        changeId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGroupCurve: {
        parameters: {
            query: {
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path: {
                /** @description Group */
                groupId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupCurve"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPointGroups: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Point of measure */
                pointId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Group */
                            groupId: number;
                            /** @description Name */
                            name: string;
                            /**
                             * @description network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point
                             * @enum {string}
                             */
                            kind: "network" | "substation" | "feeder" | "transformer" | "cabinet" | "riser" | "free";
                            /**
                             * @description Members of the group, or its balance meters
                             * @enum {string}
                             */
                            side: "members" | "balance";
                            /**
                             * @description 1: counts; −1: counts as given back
                             * @enum {integer}
                             */
                            sign: 1 | -1;
                            /**
                             * Format: date-time
                             * @description Since (UTC)
                             */
                            from: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readBillingOutlook: {
        parameters: {
            query: {
                /** @description First day of the month (market-local date) */
                month: string;
                /** @description With all below it; the whole scope when absent */
                branch?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description First day of the month (market-local date) */
                        month: string;
                        /** @description The month is over and can be closed */
                        over: boolean;
                        /** @description Who asks may close the whole network at once */
                        wholeNetwork: boolean;
                        /** @description Points with a meter in the month */
                        points: number;
                        /** @description Of these, closed already */
                        closed: number;
                        /** @description Of the others, whole by their intervals with nothing open against them */
                        ready: number;
                        /** @description Of these, never read */
                        neverRead: number;
                        /** @description Of these, with intervals missing */
                        gaps: number;
                        /** @description Of these, with an open finding that refuses intervals */
                        openFindings: number;
                        /** @description Of these, with an edit that waits for a second person */
                        editsWaiting: number;
                        /** @description Of these, with estimates, which would stand from then on */
                        estimated: number;
                        byRule: {
                            /** @description Rule of validation */
                            rule: string;
                            /** @description Open findings */
                            findings: number;
                            /** @description Points that they are about */
                            points: number;
                        }[];
                        /** @description Branches that may be chosen */
                        branches: {
                            /** @description Branch */
                            branchId: number;
                            /** @description Names of the branch and of those above it, from the top down */
                            path: string[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBillingCloses: {
        parameters: {
            query?: {
                /** @description First day of the month (market-local date) */
                month?: string;
                /** @description Rows to give; 100 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Closing */
                            closeId: number;
                            /** @description First day of the month (market-local date) */
                            month: string;
                            /** @description With all below it; null: the whole network */
                            branchId: number | null;
                            branch: string[] | null;
                            /** @description Why it was asked for */
                            reason: string;
                            /**
                             * @description waiting: for a second person; closing: a job freezes the values
                             * @enum {string}
                             */
                            state: "waiting" | "closing" | "closed" | "refused";
                            /** @description Who looks asked for it */
                            own: boolean;
                            /** @description Who asked */
                            requestedBy: string;
                            /**
                             * Format: date-time
                             * @description Asked at (UTC)
                             */
                            requestedAt: string;
                            /** @description Who decided */
                            decidedBy: string | null;
                            /**
                             * Format: date-time
                             * @description Decided at (UTC)
                             */
                            decidedAt: string | null;
                            /** @description What they noted */
                            note: string;
                            /**
                             * Format: date-time
                             * @description All values are frozen since (UTC)
                             */
                            closedAt: string | null;
                            /** @description Points with a meter in the month */
                            points: number | null;
                            /** @description Values that it froze */
                            billable: number | null;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askBillingClose: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description First day of the month (market-local date) */
                    month: string;
                    /** @description With all below it; null: the whole network */
                    branchId: number | null;
                    /** @description Why; it stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Closing */
                        closeId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideBillingClose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Closing */
                closeId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The month is frozen; otherwise the closing is refused */
                    approve: boolean;
                    /** @description What the other one should know */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobId: number | null;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBilledValues: {
        parameters: {
            query?: {
                /** @description Only points after this one */
                after?: number;
                /** @description Rows to give; 200 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Closing */
                closeId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Point */
                            pointId: number;
                            /** @description Its code */
                            pod: string | null;
                            /** @description Its name */
                            name: string | null;
                            /** @description OBIS code in full */
                            obis: string;
                            /** @description Unit */
                            unit: string;
                            /**
                             * @description What the energy was taken from
                             * @enum {string}
                             */
                            basis: "register" | "intervals" | "none";
                            /** @description Why not the register, or why not billable: no-meter, never-read, no-register, register-decreased, gap, open-finding, edit-waiting */
                            reason: string | null;
                            /** @description It is frozen */
                            billable: boolean;
                            /** @description Energy in `unit`, exact decimal; null: nothing is known */
                            energy: string | null;
                            /** @description Sum of the intervals in `unit`, exact decimal */
                            intervals: string | null;
                            /** @description Register at the start of the month */
                            registerFrom: string | null;
                            /** @description Register at its end */
                            registerTo: string | null;
                            /** @description Intervals of the month */
                            expected: number;
                            /** @description Of these, with a value */
                            present: number;
                            /** @description Of these, measured and good */
                            good: number;
                            /** @description Of these, estimated */
                            estimated: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportBilledValues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Closing */
                closeId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBillingCorrections: {
        parameters: {
            query: {
                /** @description First day of the month (market-local date) */
                month: string;
                /** @description Rows to give; 200 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description Correction */
                            correctionId: number;
                            /** @description Point */
                            pointId: number;
                            /** @description Its code */
                            pod: string | null;
                            /** @description Its name */
                            name: string | null;
                            /** @description OBIS code in full */
                            obis: string;
                            /**
                             * @description changed: the month is another one now; held: late values wait behind billed estimates
                             * @enum {string}
                             */
                            kind: "changed" | "held";
                            /**
                             * @description waiting: somebody has to decide
                             * @enum {string}
                             */
                            state: "noted" | "waiting" | "taken" | "left";
                            /** @description Unit */
                            unit: string;
                            /** @description Energy before, in `unit`, exact decimal */
                            oldEnergy: string;
                            /** @description Energy now, or with the late values, exact decimal */
                            newEnergy: string;
                            /** @description New less old, exact decimal */
                            difference: string;
                            /**
                             * @description What made it so
                             * @enum {string}
                             */
                            cause: "edit" | "undo" | "ratio" | "late-values";
                            /** @description Who; null: the system */
                            causedBy: string | null;
                            /** @description Why */
                            causeReason: string | null;
                            /**
                             * Format: date-time
                             * @description Found at (UTC)
                             */
                            foundAt: string;
                            /** @description Who decided about late values */
                            decidedBy: string | null;
                            /**
                             * Format: date-time
                             * @description Decided at (UTC)
                             */
                            decidedAt: string | null;
                            /** @description What they noted */
                            decisionNote: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportBillingCorrections: {
        parameters: {
            query: {
                /** @description First day of the month (market-local date) */
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runBillingCorrections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description First day of the month (market-local date) */
                    month: string;
                    /** @description With all below it; null: the whole network */
                    branchId: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Values whose days or readings had changed */
                        lookedAt: number;
                        /** @description Corrections that were listed */
                        found: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideHeldValues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Correction */
                correctionId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The late values count from now on; otherwise the billed estimates stand */
                    take: boolean;
                    /** @description Why; it stands in the activity log */
                    note: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRetention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rules: {
                            /**
                             * @description intervals: quarter-hours with their versions and raw bytes; registers: register readings; events: events and the history of communication
                             * @enum {string}
                             */
                            class: "intervals" | "registers" | "events";
                            /** @description Kept for so many months */
                            months: number;
                            /** @description For what */
                            purpose: string;
                            /** @description Who set it; null: as the program brings it */
                            setBy: string | null;
                            /**
                             * Format: date-time
                             * @description Set at (UTC)
                             */
                            setAt: string | null;
                        }[];
                        /** @description What a run would take now */
                        effects: {
                            /**
                             * @description intervals: quarter-hours with their versions and raw bytes; registers: register readings; events: events and the history of communication
                             * @enum {string}
                             */
                            class: "intervals" | "registers" | "events";
                            /** @description First day that is kept (market-local date) */
                            cutoff: string;
                            months: {
                                /** @description Table of a month that would go */
                                part: string;
                                /** @description Rows in it */
                                rows: number;
                                /** @description Its size with indexes */
                                bytes: number;
                            }[];
                            rows: {
                                /** @description Table */
                                table: string;
                                /** @description Rows of it that would go */
                                rows: number;
                            }[];
                            /** @description Months that are due and stay, since somebody has to decide about them */
                            kept: string[];
                        }[];
                        /** @description What runs took, the newest first */
                        runs: {
                            /** @description Run */
                            runId: number;
                            /**
                             * @description intervals: quarter-hours with their versions and raw bytes; registers: register readings; events: events and the history of communication
                             * @enum {string}
                             */
                            class: "intervals" | "registers" | "events";
                            /** @description First day that was kept (market-local date) */
                            cutoff: string;
                            /** @description Tables that went */
                            monthsDropped: string[];
                            /** @description Other rows that went */
                            rowsRemoved: number;
                            /** @description Size of the tables that went */
                            bytesFreed: number;
                            /** @description Months that are due and stay, since somebody has to decide about them */
                            kept: string[];
                            /** @description Who asked */
                            runBy: string;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            runAt: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setRetention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description intervals: quarter-hours with their versions and raw bytes; registers: register readings; events: events and the history of communication */
                retentionClass: "intervals" | "registers" | "events";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Kept for so many months */
                    months: number;
                    /** @description For what */
                    purpose: string;
                };
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runRetention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Job that does it */
                        jobId: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFieldImports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest 200 */
                        rows: {
                            /** @description Import */
                            importId: number;
                            /**
                             * @description A dump of a concentrator's store, or readings of a hand-held
                             * @enum {string}
                             */
                            kind: "concentrator-dump" | "hand-held" | "load-curves";
                            /** @description Name of the file */
                            fileName: string;
                            /** @description Concentrator */
                            gatewayId: number | null;
                            /** @description Its name */
                            gateway: string | null;
                            /** @description Meters in it */
                            meters: number;
                            /** @description Intervals that it changed */
                            intervals: number;
                            /** @description Readings that it added */
                            registers: number;
                            /** @description Events that it added */
                            events: number;
                            /** @description Lines or entries that could not be used */
                            refused: number;
                            /** @description Who */
                            importedBy: string;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            importedAt: string;
                            /** @description It was taken in as a whole */
                            finished: boolean;
                            /** @description Who took it back */
                            undoneBy: string | null;
                            /**
                             * Format: date-time
                             * @description When (UTC)
                             */
                            undoneAt: string | null;
                            /** @description Why */
                            undoReason: string;
                            /** @description Intervals that went back */
                            undoneIntervals: number;
                            /** @description Readings that went */
                            undoneRegisters: number;
                            /** @description What stayed, since somebody changed it */
                            undoKept: number;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFieldImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the file */
                    fileName: string;
                    /** @description Its content, as text */
                    text: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportCheck"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Default Response */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkFieldImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the file */
                    fileName: string;
                    /** @description Its content, as text */
                    text: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportCheck"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Default Response */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoFieldImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Import */
                importId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why; stands in the activity log */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Intervals that are as they were before */
                        intervals: number;
                        /** @description Readings that went */
                        registers: number;
                        /** @description What somebody changed since, and stays */
                        kept: number;
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of things forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findSubjects: {
        parameters: {
            query?: {
                /** @description Words of a name or code */
                q?: string;
                /** @description Subjects, with dots between them: p12 a point, g4 the members of a group, m4 its balance meters, b3 a branch with all below it, s all that the caller may see */
                of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: {
                            /** @description How to ask for it */
                            of: string;
                            /** @description What people call it; empty for the system */
                            name: string;
                            /** @description A second line: the point's name, or the branches above */
                            detail: string;
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSeries: {
        parameters: {
            query: {
                /** @description Subjects, with dots between them: p12 a point, g4 the members of a group, m4 its balance meters, b3 a branch with all below it, s all that the caller may see */
                of: string;
                /** @description A+ active import, A- active export, R+ R- reactive, RQ1 to RQ4 by quadrant, S+ S- apparent; net: A+ less A- */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-" | "net";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Market zone */
                        zone: string;
                        /** @description First day */
                        from: string;
                        /** @description Day after the last one */
                        to: string;
                        series: components["schemas"]["EnergySeries"][];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportSeries: {
        parameters: {
            query: {
                /** @description Subjects, with dots between them: p12 a point, g4 the members of a group, m4 its balance meters, b3 a branch with all below it, s all that the caller may see */
                of: string;
                /** @description A+ active import, A- active export, R+ R- reactive, RQ1 to RQ4 by quadrant, S+ S- apparent; net: A+ less A- */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-" | "net";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConsumption: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description A+ active import, A- active export, R+ R- reactive, RQ1 to RQ4 by quadrant, S+ S- apparent; net: A+ less A- */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-" | "net";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
                /** @description A row per day, month, point or group */
                by: "day" | "month" | "point" | "group";
                /** @description First day of the time that it is compared with (market-local date) */
                beforeFrom?: string;
                /** @description Day after the last one of that time (market-local date) */
                beforeTo?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consumption"];
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportConsumption: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description A+ active import, A- active export, R+ R- reactive, RQ1 to RQ4 by quadrant, S+ S- apparent; net: A+ less A- */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-" | "net";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
                /** @description A row per day, month, point or group */
                by: "day" | "month" | "point" | "group";
                /** @description First day of the time that it is compared with (market-local date) */
                beforeFrom?: string;
                /** @description Day after the last one of that time (market-local date) */
                beforeTo?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatistics: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Market zone */
                        zone: string;
                        /** @description Points that count */
                        points: number;
                        rows: {
                            /**
                             * @description Energy
                             * @enum {string}
                             */
                            energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-" | "net";
                            /** @description Unit */
                            unit: string;
                            /** @description Power of ten of all its energies */
                            scale: number;
                            /** @description Length of an interval, s */
                            stepSeconds: number;
                            /** @description Total energy */
                            total: string | null;
                            /** @description Intervals with a value: the mean is the total over them */
                            intervals: number;
                            max: {
                                /** @description Energy of the interval, integer of the row's scale */
                                value: number;
                                /**
                                 * Format: date-time
                                 * @description Its start (UTC)
                                 */
                                start: string;
                            } | null;
                            min: {
                                /** @description Energy of the interval, integer of the row's scale */
                                value: number;
                                /**
                                 * Format: date-time
                                 * @description Its start (UTC)
                                 */
                                start: string;
                            } | null;
                            /** @description Sum of each point's own greatest interval, at any time */
                            sumOfMaxima: string | null;
                            coverage: {
                                /** @description Values that should be there, of all points together, of intervals that have ended */
                                expected: number;
                                /** @description Of these, there */
                                present: number;
                                /** @description Of these, present and good */
                                good: number;
                                /** @description Of these, estimated */
                                estimated: number;
                            };
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportStatistics: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPeaks: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description Energy */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
                /** @description Peaks to give; 20 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Market zone */
                        zone: string;
                        /** @description Unit */
                        unit: string;
                        /** @description Greatest interval of each point, greatest power first */
                        points: {
                            /** @description Point of measure */
                            pointId: number;
                            /** @description Code of the point */
                            pod: string;
                            /** @description Name of the point */
                            name: string;
                            /** @description Energy of its greatest good interval */
                            value: number;
                            /** @description Power of ten */
                            scale: number;
                            /** @description Length of the interval, s */
                            stepSeconds: number;
                            /**
                             * Format: date-time
                             * @description Start of the interval (UTC)
                             */
                            start: string;
                            /** @description Quality bits */
                            flags: number;
                        }[];
                        /** @description Greatest interval of the sum on each day, greatest first */
                        together: {
                            /** @description Energy of the interval, all points together */
                            value: number;
                            /** @description Power of ten */
                            scale: number;
                            /** @description Length of the interval, s */
                            stepSeconds: number;
                            /**
                             * Format: date-time
                             * @description Start of the interval (UTC)
                             */
                            start: string;
                            /** @description Points that should have a value */
                            expected: number;
                            /** @description Points that have one */
                            present: number;
                            /** @description Who brought most */
                            shares: {
                                /** @description Point of measure */
                                pointId: number;
                                /** @description Code of the point */
                                pod: string;
                                /** @description Name of the point */
                                name: string;
                                /** @description What it brought */
                                value: number;
                                /** @description Power of ten */
                                scale: number;
                            }[];
                        }[];
                    };
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportPeaks: {
        parameters: {
            query: {
                /** @description One subject, as in `of` of the series */
                of: string;
                /** @description Energy */
                energy: "A+" | "A-" | "R+" | "R-" | "RQ1" | "RQ2" | "RQ3" | "RQ4" | "S+" | "S-";
                /** @description First day (market-local date) */
                from: string;
                /** @description Day after the last one; at most 400 days after the first (market-local date) */
                to: string;
                /** @description Peaks to give; 20 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The input is refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
